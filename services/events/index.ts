import { setTimeout as delay } from 'node:timers/promises'
import { type Ctx, type JobDefinition, type Module, newId } from '@oo/kernel'
import type { Envelope } from '@oo/shared-types/events'
import { append } from './append.ts'
import { openClockWatch } from './clockWatch.ts'
import type { EventConsole, Events, Forwarder, LogDay, Subscriber } from './door.ts'
import { startDue } from './due.ts'
import { healthOf } from './health.ts'
import { startKeepingDays } from './keepDays.ts'
import { startMeasuring } from './measure.ts'
import { createNatsBridge, type NatsBridge } from './nats/bridge.ts'
import { eraserOf, exporterOf, forgetOnStreamsJob } from './privacy.ts'
import { openRelay, type Relay } from './relay.ts'
import { replay } from './replay.ts'
import { listDeadLetters, listEvents, watch } from './show.ts'
import { isSettled, newestCommitted } from './store/log.ts'
import * as tables from './tables.ts'
import { openTail } from './tail.ts'
import { defaultRetries, firstBatch, type Retries } from './work.ts'

export type * from './door.ts'
export { subjects } from './door.ts'
export { portable } from './portable.ts'
export { StartOver } from './startOver.ts'

export interface EventsSettings {
  /** How many days the log reaches back; default: 30. */
  retentionDays?: number
  /** A JetStream server that mirrors every event; without it events stay in the database. */
  natsUrl?: string
  /** How soon and how often what failed is tried again; default: 200 ms, doubling to 30 s, eight times. */
  retries?: Retries
}

export interface EventsParts {
  door: Events
  console: EventConsole
  module: Module<Record<never, never>>
  /** Applies everything that is waiting, now; for tests and for a stop that should leave nothing behind. */
  drain(): Promise<void>
}

const defaultRetentionDays = 30
const drainWithinMs = 10_000
const settleEveryMs = 2

/** Waits until what is committed now can be read: older transactions, of whatever database, have ended. */
async function settled({ db }: Ctx, deadline: AbortSignal): Promise<void> {
  const newest = await newestCommitted(db)
  while (newest && !(await isSettled(db, newest))) await delay(settleEveryMs, undefined, { signal: deadline })
}

export function createEvents(ctx: Ctx, settings: EventsSettings = {}): EventsParts {
  const retries = settings.retries ?? defaultRetries
  const relays: Relay[] = []
  const { natsUrl, retentionDays = defaultRetentionDays } = settings
  const bridge = natsUrl ? createNatsBridge(natsUrl, { retentionDays }, ctx.log) : undefined
  const tail = openTail(ctx)
  const stopping = new AbortController()
  const owner = newId(ctx)
  const measures = startMeasuring(ctx)
  const beforeDrop: ((day: LogDay) => Promise<void>)[] = []
  let stopDue = () => {}
  let stopKeeping = async () => {}

  const listen = (target: Subscriber | Forwarder) => {
    const { name, subjects } = target
    if (relays.some(relay => relay.name === name)) throw new Error(`Two subscribers are called ${name}.`)
    const count = (events: number) => measures.applied(name, events)
    const { signal } = stopping
    const where = { position: { read: undefined }, pace: { size: firstBatch } }
    const wanted = new Set<string>(subjects)
    relays.push(openRelay({ ctx, tail, retries, target, wanted, signal, ...where, count }, owner))
  }

  for (const forwarder of bridge?.forwarders ?? []) listen(forwarder)
  const committed = (event: Envelope) => tail.expect(event)
  const door: Events = {
    append: (tx, personId, happened) => append(ctx, tx, { happenings: [{ personId, happened }], committed }),
    appendAll: (tx, happenings) => append(ctx, tx, { happenings, committed }),
    subscribe: listen,
    forward: listen,
    beforeDrop: prepare => void beforeDrop.push(prepare),
    recent: () => tail.recent().map(event => event.read()),
  }

  tail.onNew(events => {
    for (const relay of relays) if (events.some(event => relay.wants(event.subject))) relay.wake()
  })

  return {
    door,
    console: {
      list: input => listEvents(ctx, input),
      listDead: input => listDeadLetters(ctx, input),
      async replay(input) {
        const answer = await replay(ctx, input)
        if (!answer.dryRun) for (const relay of relays) relay.retry()
        return answer
      },
      watch: (input, signal) => watch(tail, input, signal),
    },
    module: {
      name: 'events',
      tables: Object.values(tables),
      handlers: {},
      health: [{ name: 'events', check: () => healthOf(ctx) }, ...(bridge ? [bridge.health] : [])],
      exporter: exporterOf(ctx),
      eraser: eraserOf(ctx, bridge !== undefined),
      jobs: bridge ? [forgetting(bridge)] : [],
      async start() {
        const enrol = async () => void (await Promise.all(relays.map(relay => relay.enrol())))
        stopKeeping = await startKeepingDays({
          ctx,
          retentionDays,
          watch: openClockWatch(),
          beforeDrop,
          enrol,
        })
        await Promise.all(relays.map(relay => relay.start()))
        tail.start()
        stopDue = startDue(ctx, relays)
      },
      async stop() {
        stopDue()
        await stopKeeping()
        stopping.abort(new Error('The process stops.'))
        await Promise.all([tail.stop(), ...relays.map(relay => relay.stop())])
        measures.stop()
        await bridge?.stop()
      },
    },
    async drain() {
      const deadline = AbortSignal.timeout(drainWithinMs)
      await settled(ctx, deadline)
      while ((await tail.poll()) > 0);
      for (const relay of relays) {
        relay.retry()
        while ((await relay.round()) !== 'idle') deadline.throwIfAborted()
      }
    },
  }
}

const forgetting = (bridge: NatsBridge): JobDefinition => ({
  name: forgetOnStreamsJob,
  promise: 'An erased person has no message left on the event stream.',
  // More than a day: the stream may be away for long, and nothing else brings this back.
  retryLimit: 200,
  run: async ({ personId = '' }, signal) => void (await bridge.forget(personId, signal)),
})
