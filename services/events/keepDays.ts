// The log is kept by the day: partitions are made a week ahead, and a day goes when its time is over and everybody
// has read it. What could not be done is tried again with the next round.
import { setTimeout as delay } from 'node:timers/promises'
import { type Ctx, isContention } from '@oo/kernel'
import type { ClockWatch } from './clockWatch.ts'
import type { LogDay } from './door.ts'
import { databaseTime, dropDay, happenedIn, listDays, makeDay, strayDays } from './store/days.ts'

const roundMs = { kept: 3_600_000, failed: 60_000 }
const dayMs = 86_400_000
const daysAhead = 7
const straysAtOnce = 100
/** Nobody waits for long behind a day that is made or dropped, so it gives way to whoever reads, and tries again. */
const tries = { most: 5, restMs: 100 }

export interface Keeping {
  ctx: Pick<Ctx, 'db' | 'clock' | 'log'>
  retentionDays: number
  watch: ClockWatch
  beforeDrop: readonly ((day: LogDay) => Promise<void>)[]
  /** Says that the subscribers of this process live. */
  enrol(): Promise<void>
}

export async function makeDays({ ctx }: Pick<Keeping, 'ctx'>): Promise<void> {
  // The day before today too: the clocks of two processes may stand on either side of midnight.
  const today = dayOf(ctx.clock.now())
  const wanted = Array.from({ length: daysAhead + 2 }, (_, i) => nameOf(today - 1 + i))
  const there = new Set(await listDays(ctx.db))
  for (const day of wanted) if (!there.has(day)) await givingWay(() => makeDay(ctx.db, day))
}

export async function dropDays({ ctx, retentionDays, watch, beforeDrop, enrol }: Keeping): Promise<void> {
  // Of two clocks the one that is behind destroys nothing.
  const now = new Date(Math.min(ctx.clock.now().getTime(), (await databaseTime(ctx.db)).getTime()))
  const ranEvenly = watch.ranEvenly(now)
  const oldest = dayOf(now) - retentionDays
  await enrol()
  const strays = await strayDays(ctx.db, new Date(oldest * dayMs), straysAtOnce)
  const over = (await listDays(ctx.db)).filter(day => day < nameOf(oldest))
  if (strays.length + over.length === 0) return
  if (!ranEvenly && !(await knowsYesterday(ctx, now))) {
    ctx.log.warn(
      { now, days: over.length },
      'no day of the event log is dropped: nothing in it is of the day before, so the clock may have jumped; ' +
        'set the clock right, or leave it for a day if it is',
    )
    return
  }
  // What waits in the default partition is given its day first, and then goes like the others.
  for (const day of strays) await givingWay(() => makeDay(ctx.db, day))
  for (const day of [...new Set([...over, ...strays])].sort()) {
    const from = new Date(day)
    for (const prepare of beforeDrop) await prepare({ from, to: new Date(from.getTime() + dayMs) })
    const why = await givingWay(() => dropDay(ctx.db, day, retentionDays))
    if (why) ctx.log.warn({ day, why }, 'a day of the event log is kept longer than it should be')
  }
}

/** Goes on by itself until what it answers is called. Days that are needed now are there when it answers. */
export async function startKeepingDays(keeping: Keeping): Promise<() => Promise<void>> {
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  const noticed = (error: unknown) => {
    keeping.ctx.log.warn(
      { err: error },
      'the days of the event log could not be kept; it is tried again in a minute',
    )
    return roundMs.failed
  }
  const goOnAfter = (ms: number) => {
    if (stopped) return
    timer = setTimeout(() => {
      round = makeDays(keeping)
        .then(() => dropDays(keeping))
        .then(() => roundMs.kept, noticed)
        .then(goOnAfter)
    }, ms)
  }
  const made = await makeDays(keeping).then(() => roundMs.kept, noticed)
  let round = dropDays(keeping)
    .then(() => made, noticed)
    .then(goOnAfter)
  return () => {
    stopped = true
    clearTimeout(timer)
    return round
  }
}

/** Once more, a few times, when somebody was in the way. */
export async function givingWay<T>(work: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await work()
    } catch (error) {
      if (!isContention(error) || tried === tries.most) throw error
      await delay(tries.restMs)
    }
  }
}

const knowsYesterday = ({ db }: Pick<Ctx, 'db'>, now: Date): Promise<boolean> =>
  happenedIn(db, new Date(now.getTime() - 2 * dayMs), new Date(now.getTime() - dayMs))

const dayOf = (at: Date): number => Math.floor(at.getTime() / dayMs)
const nameOf = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10)
