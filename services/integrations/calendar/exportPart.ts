import type { Exporter } from '@oo/kernel'
import type { IntegrationsCtx } from '../context.ts'
import { allBusyTimes, allCalendars } from './store.ts'
import { channelsOfPerson } from './storeChannels.ts'

/** What the export says of a person's calendars. */
export async function busyTimesPart(
  ctx: Pick<IntegrationsCtx, 'db'>,
  personId: string,
): ReturnType<Exporter['collect']> {
  const [times, calendars, channels] = await Promise.all([
    allBusyTimes(ctx.db, personId),
    allCalendars(ctx.db, personId),
    channelsOfPerson(ctx.db, personId),
  ])
  const instant = { type: 'string', format: 'date-time' }
  return [
    {
      name: 'calendars',
      about: 'The calendars oO reads, and when it last did.',
      schema: {
        type: 'object',
        required: ['source', 'syncedAt'],
        properties: { source: { type: 'string' }, syncedAt: instant },
      },
      rows: calendars.map(({ provider, syncedAt }) => ({
        source: provider,
        syncedAt: syncedAt.toISOString(),
      })),
    },
    {
      name: 'calendar-channels',
      about: 'Until when a provider tells oO that something changed in a calendar, and not what.',
      schema: {
        type: 'object',
        required: ['source', 'expiresAt'],
        properties: { source: { type: 'string' }, expiresAt: instant },
      },
      rows: channels.map(({ source, expiresAt }) => ({ source, expiresAt: expiresAt.toISOString() })),
    },
    {
      name: 'busy-times',
      about:
        'When you are busy, from yesterday to 30 days ahead. What your appointments are called stays in your calendar; oO never asks for it. Whole days begin at midnight where you are, written here as midnight in UTC.',
      schema: {
        type: 'object',
        required: ['source', 'from', 'until', 'allDay'],
        properties: {
          source: { type: 'string' },
          from: instant,
          until: instant,
          allDay: { type: 'boolean' },
        },
      },
      rows: times.map(({ provider, startsAt, endsAt, allDay }) => ({
        source: provider,
        from: startsAt.toISOString(),
        until: endsAt.toISOString(),
        allDay,
      })),
    },
  ]
}
