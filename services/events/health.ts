import type { Ctx } from '@oo/kernel'
import { readLags } from './store/places.ts'

const lagSeconds = 60

/** A sentence when somebody is late or something was given up. */
export async function healthOf(ctx: Pick<Ctx, 'db' | 'clock'>): Promise<string | undefined> {
  const now = ctx.clock.now().getTime()
  const lags = await readLags(ctx.db)
  const dead = lags.reduce((sum, lag) => sum + lag.dead, 0)
  const late = lags
    .flatMap(({ subscriber, oldestAt }) =>
      oldestAt ? [{ subscriber, seconds: (now - oldestAt.getTime()) / 1_000 }] : [],
    )
    .filter(({ seconds }) => seconds > lagSeconds)
    .map(({ subscriber, seconds }) => `${subscriber} is ${Math.round(seconds)} s behind the event log.`)
  if (dead > 0)
    late.push(
      `${dead} events were given up; they wait in events.dead until the cause is mended and they are replayed.`,
    )
  return late.length > 0 ? late.join(' ') : undefined
}
