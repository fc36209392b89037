import type { Exporter } from '@oo/kernel'
import type { IntegrationsCtx } from './context.ts'
import { grantsOf } from './store.ts'
import { allOpenItems } from './storeLooks.ts'

export const personalTables = ['integrations.grants', 'integrations.revocations', 'integrations.open_items']

export const exporterOf = (ctx: IntegrationsCtx): Exporter => ({
  tables: personalTables,
  async collect(personId) {
    const [grants, items] = await Promise.all([grantsOf(ctx.db, personId), allOpenItems(ctx.db, personId)])
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
        about: 'The ids of the tasks that were open when oO last looked; their words stay at the app.',
        schema: {
          type: 'object',
          required: ['source', 'externalId'],
          properties: { source: { type: 'string' }, externalId: { type: 'string' } },
        },
        rows: items,
      },
    ]
  },
})
