import type { Exporter } from '@oo/kernel'
import { busyTimesPart } from './calendar/exportPart.ts'
import type { IntegrationsCtx } from './context.ts'
import { exportIngress } from './ingress/exporter.ts'
import { signalsOf } from './signals/store.ts'
import { grantsOf } from './store.ts'
import { allOpenItems } from './storeLooks.ts'
import { allPast } from './storePast.ts'

export const personalTables = [
  'grants',
  'revocations',
  'open_items',
  'signals',
  'ingress_sources',
  'ingress_deliveries',
  'calendars',
  'busy_times',
  'channels',
  'past',
].map(table => `integrations.${table}`)

export const exporterOf = (ctx: IntegrationsCtx): Exporter => ({
  tables: personalTables,
  async collect(personId) {
    const [grants, items, signals, ingress, busy, past] = await Promise.all([
      grantsOf(ctx.db, personId),
      allOpenItems(ctx.db, personId),
      signalsOf(ctx.db, personId),
      exportIngress(ctx, personId),
      busyTimesPart(ctx, personId),
      allPast(ctx.db, personId),
    ])
    return [
      {
        name: 'integrations',
        about:
          'The apps you connected. oO holds no copy of what is in them; the sealed keys to them stay in the vault, and a key that is being handed back no longer names you.',
        schema: {
          type: 'object',
          required: ['id', 'source', 'state', 'connectedAt'],
          properties: {
            id: { type: 'string', format: 'uuid' },
            source: { type: 'string' },
            state: { enum: ['connected', 'reconnect'] },
            connectedAt: { type: 'string', format: 'date-time' },
          },
        },
        rows: grants.map(({ id, provider, state, connectedAt }) => ({
          id,
          source: provider,
          state,
          connectedAt: connectedAt.toISOString(),
        })),
      },
      {
        name: 'open-items',
        about:
          'The ids of the tasks that were open when oO last looked, and of recurring ones the next date and until when their completions were told; their words stay at the app.',
        schema: {
          type: 'object',
          required: ['source', 'externalId'],
          properties: {
            source: { type: 'string' },
            externalId: { type: 'string' },
            nextDue: { type: 'string' },
            toldUntil: { type: 'string', format: 'date-time' },
          },
        },
        rows: items.map(({ nextDue, toldUntil, ...item }) => ({
          ...item,
          ...(nextDue !== null && { nextDue }),
          ...(toldUntil && { toldUntil: toldUntil.toISOString() }),
        })),
      },
      {
        name: 'signals',
        about: 'What you, your devices and your apps told of the moment, only the newest of each.',
        schema: {
          type: 'object',
          required: ['type', 'source', 'measuredAt', 'heardAt'],
          properties: {
            type: { type: 'string' },
            source: { type: 'string', description: 'Who told it; `page` is oO itself.' },
            value: { type: 'number', description: 'In the range of its type; a yes is 1.' },
            placeId: { type: 'string', format: 'uuid' },
            measuredAt: { type: 'string', format: 'date-time' },
            heardAt: { type: 'string', format: 'date-time' },
          },
        },
        rows: signals.map(({ value, placeId, measuredAt, heardAt, ...signal }) => ({
          ...signal,
          ...(value !== null && { value }),
          ...(placeId !== null && { placeId }),
          measuredAt: measuredAt.toISOString(),
          heardAt: heardAt.toISOString(),
        })),
      },
      ...ingress,
      ...busy,
      {
        name: 'past',
        about:
          'How often you completed something in the 90 days before you connected, by weekday (1 is Monday), hour, priority, effort (1 up to a quarter of an hour, 2 up to an hour, 3 more; 0 not told) and whether it recurs.',
        schema: {
          type: 'object',
          required: ['source', 'weekday', 'hour', 'priority', 'effort', 'recurring', 'times'],
          properties: {
            source: { type: 'string' },
            weekday: { type: 'integer' },
            hour: { type: 'integer' },
            priority: { type: 'integer' },
            effort: { type: 'integer' },
            recurring: { type: 'boolean' },
            times: { type: 'integer' },
          },
        },
        rows: past,
      },
    ]
  },
})
