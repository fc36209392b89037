import type { Ctx } from '@oo/kernel'
import type { Relay } from './relay.ts'
import { subscribersDue } from './store/held.ts'

const everyMs = 200

/** Tells each relay when something it put aside is due again; one question for all of them. */
export function startDue(ctx: Pick<Ctx, 'db' | 'log'>, relays: readonly Relay[]): () => void {
  let asking = false
  const look = async () => {
    if (asking) return
    asking = true
    try {
      const due = new Set(await subscribersDue(ctx.db))
      for (const relay of relays) if (due.has(relay.name)) relay.retry()
    } catch (error) {
      ctx.log.debug({ err: error }, 'what is due for another try could not be read')
    } finally {
      asking = false
    }
  }
  const timer = setInterval(() => void look(), everyMs)
  return () => clearInterval(timer)
}
