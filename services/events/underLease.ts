import type { PartOfLog } from './door.ts'
import type { Logged } from './logged.ts'
import { deliverSteps } from './steps.ts'
import { lease } from './store/places.ts'
import type { Carrier } from './work.ts'

/** Short, so that what a killed process was forwarding goes on soon; renewed while a batch is on its way. */
export const leaseMs = 10_000
const renewEveryMs = 3_000
const deliverWithinMs = 25_000

/** Delivers while the lease is renewed; ends when it is lost, the process stops or time is up. */
export async function underLease(
  { work, owner }: Carrier,
  events: readonly Logged[],
  part: PartOfLog,
): Promise<void> {
  const { target, ctx } = work
  const lost = new AbortController()
  const signal = AbortSignal.any([work.signal, lost.signal, AbortSignal.timeout(deliverWithinMs)])
  const renewing = setInterval(() => {
    lease(ctx.db, target.name, owner, leaseMs)
      .then(place => {
        if (!place) lost.abort(new Error('Another process has taken over.'))
      })
      .catch((error: unknown) =>
        ctx.log.warn({ err: error, subscriber: target.name }, 'a lease was not renewed'),
      )
  }, renewEveryMs)
  let onAbort = () => {}
  try {
    signal.throwIfAborted()
    // One that does not listen to its signal must not hold up the stop.
    const aborted = new Promise<never>((_, reject) => {
      onAbort = () => reject(signal.reason)
      signal.addEventListener('abort', onAbort)
    })
    const envelopes = events.map(event => event.read())
    await Promise.race([deliverSteps(target, envelopes, { signal, part }), aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
    clearInterval(renewing)
  }
}
