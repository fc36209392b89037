import { type Ctx, Problem, transaction } from '@oo/kernel'
import { errors } from './errors.ts'
import {
  countReplay,
  countWanted,
  dueFromTheFront,
  lockPlaces,
  queueReplay,
  type ReplayCount,
  type Wanted,
} from './store/replays.ts'

export interface ReplayAnswer {
  dryRun: boolean
  events: number
  subscribers: ReplayCount[]
}

const atMost = 100_000

/** Hands events on again. A dry run only counts; who has applied one is not given it twice. */
export async function replay(
  ctx: Pick<Ctx, 'db'>,
  { dryRun, ...wanted }: Wanted & { dryRun: boolean },
): Promise<ReplayAnswer> {
  const { id, from, to, subscriber } = wanted
  if (from && to && from >= to) throw new Problem(errors.emptyTime)
  return transaction(ctx.db, async tx => {
    const events = await countWanted(tx, wanted, atMost + 1)
    if (events > atMost) throw new Problem(errors.tooManyToReplay)
    if (id && events === 0) throw new Problem(errors.nothingToReplay)
    if (!dryRun) await lockPlaces(tx, subscriber)
    const subscribers = await countReplay(tx, wanted)
    if (subscriber && !wanted.deadOnly && events > 0 && subscribers.length === 0)
      throw new Problem(errors.unknownSubscriber)
    if (!dryRun && subscribers.some(({ handedOn }) => handedOn > 0)) {
      await queueReplay(tx, wanted)
      await dueFromTheFront(tx)
    }
    return { dryRun, events, subscribers }
  })
}
