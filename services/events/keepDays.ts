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

export async function keepDays({ ctx, retentionDays, beforeDrop, enrol }: Keeping): Promise<void> {
  const today = Math.floor(ctx.clock.now().getTime() / dayMs)
  const oldest = today - retentionDays
  await enrol()
  // The day before today too: the clocks of two processes may stand on either side of midnight.
  const wanted = Array.from({ length: daysAhead + 2 }, (_, i) => nameOf(today - 1 + i))
  const strays = await strayDays(ctx.db, new Date(oldest * dayMs), straysAtOnce)
  const there = new Set(await listDays(ctx.db))
  for (const day of [...wanted, ...strays]) if (!there.has(day)) await makeDay(ctx.db, day)

  for (const day of [...there, ...strays].filter(day => day < nameOf(oldest))) {
    const from = new Date(day)
    for (const prepare of beforeDrop) await prepare({ from, to: new Date(from.getTime() + dayMs) })
    const why = await dropDay(ctx.db, day, retentionDays)
    if (why) ctx.log.warn({ day, why }, 'a day of the event log is kept longer than it should be')
  }
}

/** Goes on by itself until the returned function is called. */
export function startKeepingDays(keeping: Keeping): () => Promise<void> {
  let round = Promise.resolve()
  const next = () => {
    round = round
      .then(() => keepDays(keeping))
      .catch((error: unknown) =>
        keeping.ctx.log.warn(
          { err: error },
          'the days of the event log could not be kept; it is tried again in an hour',
        ),
      )
  }
  next()
  const timer = setInterval(next, everyMs)
  return () => {
    clearInterval(timer)
    return round
  }
}

const nameOf = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10)
