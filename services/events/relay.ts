// Hands each event to a subscriber in order, at least once; because the subscriber's effect and its place in the
// log commit together, the effect happens once. One round reads a bounded batch and holds the place's lock.
import { fromBinary } from '@bufbuild/protobuf'
import { type Ctx, transaction } from '@oo/kernel'
import { EnvelopeSchema } from '@oo/shared-types/events'
import type { Forwarder, Subscriber } from './door.ts'
import { buryEvent, type Logged, movePlace, readAfter, takePlace } from './store.ts'

const batchSize = 200
const pollMs = 500
const backOffMs = { first: 200, most: 30_000 }
const triesBeforeDead = 8
/** Below the pool's limit for a transaction that waits. */
const deliverWithinMs = 25_000

export interface Relay {
  wants(subject: string): boolean
  wake(): void
  stop(): Promise<void>
}

export function startRelay(ctx: Ctx, subscriber: Subscriber | Forwarder): Relay {
  let stopped = false
  let wakeUp = () => {}
  let woken = false
  const failing = { id: '', times: 0 }

  const rest = (ms: number) =>
    new Promise<void>(resolve => {
      const timer = setTimeout(resolve, ms)
      wakeUp = () => {
        clearTimeout(timer)
        resolve()
      }
      if (woken || stopped) wakeUp()
    })

  const run = async () => {
    while (!stopped) {
      woken = false
      try {
        const read = await relayOnce(ctx, subscriber, failing)
        if (read < batchSize) await rest(pollMs)
      } catch (error) {
        ctx.log.warn(
          { err: error, subscriber: subscriber.name },
          'an event could not be applied; it is tried again',
        )
        woken = false
        await rest(Math.min(backOffMs.most, backOffMs.first * 2 ** Math.min(failing.times, 10)))
      }
    }
  }
  const running = run()
  const wanted: ReadonlySet<string> = new Set(subscriber.subjects)

  return {
    wants: subject => wanted.has(subject),
    wake() {
      woken = true
      wakeUp()
    },
    async stop() {
      stopped = true
      wakeUp()
      await running
    },
  }
}

/** One round; answers how many events were read. Exported for tests, which drain instead of waiting. */
export async function relayOnce(
  ctx: Ctx,
  subscriber: Subscriber | Forwarder,
  failing: { id: string; times: number } = { id: '', times: 0 },
): Promise<number> {
  let current: Logged | undefined
  try {
    return await transaction(ctx.db, async tx => {
      const place = await takePlace(tx, subscriber.name)
      if (!place) return 0
      const events = await readAfter(tx, place, subscriber.subjects, batchSize)
      if ('deliver' in subscriber) await deliverAll(subscriber, events)
      else
        for (const event of events) {
          current = event
          if (failing.id === event.id && failing.times >= triesBeforeDead)
            await buryEvent(tx, subscriber.name, event, `${subscriber.name} failed ${failing.times} times`)
          else await subscriber.handle(tx, fromBinary(EnvelopeSchema, event.envelope))
        }
      const last = events.at(-1)
      if (last) await movePlace(tx, subscriber.name, last)
      return events.length
    })
  } catch (error) {
    failing.times = failing.id === current?.id ? failing.times + 1 : 1
    failing.id = current?.id ?? ''
    throw error
  }
}

async function deliverAll(forwarder: Forwarder, events: readonly Logged[]): Promise<void> {
  if (events.length === 0) return
  const envelopes = events.map(event => fromBinary(EnvelopeSchema, event.envelope))
  await forwarder.deliver(envelopes, AbortSignal.timeout(deliverWithinMs))
}
