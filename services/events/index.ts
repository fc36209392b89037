import { fromBinary, toJson } from '@bufbuild/protobuf'
import type { Ctx, Exporter, Module } from '@oo/kernel'
import { type Envelope, EnvelopeSchema } from '@oo/shared-types/events'
import { append } from './append.ts'
import type { Events, Forwarder, Subscriber } from './door.ts'
import { createNatsBridge } from './nats/bridge.ts'
import { type Relay, relayOnce, startRelay } from './relay.ts'
import { deadCount, eraseEvents, eventsOf } from './store.ts'
import * as tables from './tables.ts'

export type * from './door.ts'
export { subjects } from './door.ts'

const ringSize = 1_000
const retentionDays = 30
const personal = ['events.log', 'events.dead']

export interface EventsParts {
  door: Events
  module: Module<Record<never, never>>
  /** Applies everything that is waiting, now; for tests and for a stop that should leave nothing behind. */
  drain(): Promise<void>
}

export interface EventsSettings {
  /** A JetStream server that mirrors every event; without it events stay in the database. */
  natsUrl?: string
}

export function createEvents(ctx: Ctx, settings: EventsSettings = {}): EventsParts {
  const { natsUrl } = settings
  const bridge = natsUrl ? createNatsBridge(natsUrl, { retentionDays }, ctx.log) : undefined
  const subscribers: (Subscriber | Forwarder)[] = [...(bridge?.forwarders ?? [])]
  const ring: Envelope[] = []
  let relays: Relay[] = []

  const committed = (event: Envelope) => {
    ring.push(event)
    if (ring.length > ringSize) ring.shift()
    for (const relay of relays) if (relay.wants(event.type)) relay.wake()
  }

  const door: Events = {
    append: (tx, personId, happened) => append(ctx, tx, { happenings: [{ personId, happened }], committed }),
    appendAll: (tx, happenings) => append(ctx, tx, { happenings, committed }),
    subscribe: subscriber => void subscribers.push(subscriber),
    forward: forwarder => void subscribers.push(forwarder),
    recent: () => ring,
  }

  return {
    door,
    module: {
      name: 'events',
      tables: Object.values(tables),
      handlers: {},
      health: [{ name: 'events', check: () => deadLetters(ctx) }, ...(bridge ? [bridge.health] : [])],
      exporter: exporter(ctx),
      eraser: {
        tables: personal,
        erase: async (tx, personId) => ({ rows: await eraseEvents(tx, personId) }),
      },
      async start() {
        relays = subscribers.map(subscriber => startRelay(ctx, subscriber))
      },
      async stop() {
        await Promise.all(relays.map(relay => relay.stop()))
        relays = []
        await bridge?.stop()
      },
    },
    async drain() {
      for (const subscriber of subscribers) await relayOnce(ctx, subscriber)
    },
  }
}

async function deadLetters(ctx: Ctx): Promise<string | undefined> {
  const count = await deadCount(ctx.db)
  return count === 0 ? undefined : `${count} events could not be applied; they wait in events.dead.`
}

const exporter = (ctx: Ctx): Exporter => ({
  tables: personal,
  async collect(personId) {
    const rows = await eventsOf(ctx.db, personId)
    return [
      {
        name: 'events',
        about: 'Everything that happened, one event a line: ids, times and numbers.',
        schema: {
          type: 'object',
          required: ['id', 'subject', 'at'],
          properties: { event: { type: 'object' } },
        },
        rows: rows.map(({ id, subject, at, envelope }) => ({
          id,
          subject,
          at: at.toISOString(),
          event: toJson(EnvelopeSchema, fromBinary(EnvelopeSchema, envelope)),
        })),
      },
    ]
  },
})
