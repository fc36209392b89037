// The log is kept by the day: partitions are made a week ahead, and a day goes when its time is over and everybody
// has read it. What could not be done is tried again with the next round.
import type { Ctx } from '@oo/kernel'
import type { LogDay } from './door.ts'
import { dropDay, listDays, makeDay, strayDays } from './store/days.ts'

const everyMs = 3_600_000
const dayMs = 86_400_000
const daysAhead = 7
const straysAtOnce = 100

export interface Keeping {
  ctx: Pick<Ctx, 'db' | 'clock' | 'log'>
  retentionDays: number
  beforeDrop: readonly ((day: LogDay) => Promise<void>)[]
  /** Says that the subscribers of this process live. */
  enrol(): Promise<void>
}

export async function makeDays({ ctx }: Pick<Keeping, 'ctx'>): Promise<void> {
  // The day before today too: the clocks of two processes may stand on either side of midnight.
  const wanted = Array.from({ length: daysAhead + 2 }, (_, i) => nameOf(todayOf(ctx) - 1 + i))
  const there = new Set(await listDays(ctx.db))
  for (const day of wanted) if (!there.has(day)) await makeDay(ctx.db, day)
}

export async function dropDays({ ctx, retentionDays, beforeDrop, enrol }: Keeping): Promise<void> {
  const oldest = todayOf(ctx) - retentionDays
  await enrol()
  // What waits in the default partition is given its day first, and then goes like the others.
  for (const day of await strayDays(ctx.db, new Date(oldest * dayMs), straysAtOnce))
    await makeDay(ctx.db, day)
  for (const day of await listDays(ctx.db)) {
    if (day >= nameOf(oldest)) return
    const from = new Date(day)
    for (const prepare of beforeDrop) await prepare({ from, to: new Date(from.getTime() + dayMs) })
    const why = await dropDay(ctx.db, day, retentionDays)
    if (why) ctx.log.warn({ day, why }, 'a day of the event log is kept longer than it should be')
  }
}

/** Goes on by itself until what it answers is called. Days that are needed now are there when it answers. */
export async function startKeepingDays(keeping: Keeping): Promise<() => Promise<void>> {
  const noticed = (error: unknown) =>
    keeping.ctx.log.warn(
      { err: error },
      'the days of the event log could not be kept; it is tried again in an hour',
    )
  await makeDays(keeping).catch(noticed)
  let round = dropDays(keeping).catch(noticed)
  const timer = setInterval(() => {
    round = round
      .then(() => makeDays(keeping))
      .then(() => dropDays(keeping))
      .catch(noticed)
  }, everyMs)
  return () => {
    clearInterval(timer)
    return round
  }
}

const todayOf = ({ clock }: Pick<Ctx, 'clock'>): number => Math.floor(clock.now().getTime() / dayMs)
const nameOf = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10)
