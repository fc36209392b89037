// The hours around now as a person lives them: whole days begin and end at midnight where the person is.
import { openWallClock } from '../connectors/wallClock.ts'
import type { IntegrationsCtx } from '../context.ts'
import type { BusyTimes } from '../door.ts'
import type { BusyDay } from './memory.ts'
import { busyAround } from './store.ts'

const hourMs = 3_600_000
/** What is older does not say when somebody is busy any more. */
const freshMs = hourMs
/** Behind: a long appointment that just ended, whose day may be another one elsewhere. Ahead: the coming day. */
const behindMs = 26 * hourMs
const aheadMs = 40 * hourMs

/** Null where no calendar may be read, or none was for an hour: nobody knows then. */
export async function busyDayOf(
  ctx: IntegrationsCtx,
  personId: string,
  now: Date,
): Promise<readonly BusyTimes[] | null> {
  const { consents, timeZone } = await ctx.profiles.wishes(personId)
  if (!consents.has('sync') || !consents.has('calendar')) return null
  const day = ctx.calendarMemory.read(personId) ?? (await read(ctx, personId, { now, timeZone }))
  return isFresh(day.syncedAt, now) ? day.appointments : null
}

const isFresh = (syncedAt: Date, now: Date): boolean => now.getTime() - syncedAt.getTime() <= freshMs

async function read(
  ctx: IntegrationsCtx,
  personId: string,
  { now, timeZone }: { now: Date; timeZone: string | null },
): Promise<BusyDay> {
  const begun = ctx.calendarMemory.begin(personId)
  const rows = await busyAround(ctx.db, {
    personId,
    from: new Date(now.getTime() - behindMs),
    to: new Date(now.getTime() + aheadMs),
  })
  const fresh = rows.filter(({ syncedAt }) => isFresh(syncedAt, now))
  const clock = openWallClock(timeZone)
  const midnight = (day: Date) => clock.instantOf(`${day.toISOString().slice(0, 10)}T00:00:00`) ?? day
  const appointments = fresh.flatMap(({ startsAt, endsAt, allDay }) => {
    if (!startsAt || !endsAt) return []
    return allDay
      ? [{ startsAt: midnight(startsAt), endsAt: midnight(endsAt), allDay: true }]
      : [{ startsAt, endsAt, allDay: false }]
  })
  appointments.sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime())
  // Of several calendars the one that was read longest ago: what it says is stale first.
  const oldest = Math.min(...fresh.map(({ syncedAt }) => syncedAt.getTime()))
  const day = { syncedAt: new Date(fresh.length > 0 ? oldest : 0), appointments }
  ctx.calendarMemory.keep(personId, day, begun)
  return day
}
