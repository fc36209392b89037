// The two ways in which events reach a consumer, behind one interface, for one suite.
import { fromBinary } from '@bufbuild/protobuf'
import { type ConsumerMessages, jetstream, jetstreamManager } from '@nats-io/jetstream'
import { connect, type NatsConnection } from '@nats-io/transport-node'
import type { Ctx } from '@oo/kernel'
import { type Nats, startNats, until } from '@oo/local'
import { type Envelope, EnvelopeSchema } from '@oo/shared-types/events'
import { createEvents, type EventsParts } from '../index.ts'
import { accessOf } from './line.ts'

export type Apply = (event: Envelope) => Promise<void>

export interface Bus {
  events(): EventsParts
  /** Begins to consume, or goes on where the last consumer was. */
  consume(apply: Apply): Promise<void>
  /** The consumer is gone at once, in the middle of whatever it did. */
  killConsumer(): Promise<void>
  outage(): Promise<void>
  back(): Promise<void>
  /** Everything that the bus itself kept is lost, and only that. */
  wipe(): Promise<void>
  close(): Promise<void>
}

export async function inProcessBus(ctx: Ctx): Promise<Bus> {
  let apply: Apply | undefined
  let events = await started()

  async function started(): Promise<EventsParts> {
    const parts = createEvents(ctx)
    const mine = apply
    if (mine)
      parts.door.subscribe({
        name: 'bus',
        subjects: ['signals.tip.shown'],
        handle: (_tx, event) => mine(event),
      })
    await parts.module.start?.()
    return parts
  }
  const stop = async () => void (await events.module.stop?.())
  return {
    events: () => events,
    async consume(given) {
      await stop()
      apply = given
      events = await started()
    },
    async killConsumer() {
      await stop()
      apply = undefined
      events = await started()
    },
    outage: stop,
    async back() {
      events = await started()
    },
    async wipe() {
      await stop()
      await ctx.db.execute(`UPDATE events.places SET xid = '0', seq = 0 WHERE subscriber = 'bus'`)
      await ctx.db.execute(`DELETE FROM events.applied WHERE subscriber = 'bus'`)
      events = await started()
    },
    close: stop,
  }
}

const stream = 'oo-signals'
const durable = 'bus'

export async function jetStreamBus(ctx: Ctx, dataDir: string): Promise<Bus> {
  let nats: Nats = await startNats({ dataDir })
  const events = createEvents(ctx, { natsUrl: nats.url })
  await events.module.start?.()
  let consumer: { connection: NatsConnection; messages: ConsumerMessages; done: Promise<void> } | undefined
  let apply: Apply | undefined

  const open = async () => {
    if (!apply) return
    const given = apply
    const connection = await connect({ ...accessOf(nats.url), reconnect: false, timeout: 5_000 })
    const manager = await jetstreamManager(connection)
    await untilThere(() => manager.streams.info(stream))
    // One at a time keeps the order when a message comes again.
    await manager.consumers.add(stream, {
      durable_name: durable,
      ack_policy: 'explicit',
      filter_subject: 'signals.tip.shown.*',
      ack_wait: 1e9,
      max_ack_pending: 1,
    })
    const messages = await (await jetstream(connection).consumers.get(stream, durable)).consume()
    const run = async () => {
      for await (const message of messages) {
        const taken = await given(fromBinary(EnvelopeSchema, message.data)).then(
          () => true,
          () => false,
        )
        if (connection.isClosed()) return
        if (taken) message.ack()
        else message.nak(50)
      }
    }
    consumer = { connection, messages, done: run() }
  }
  const close = async () => {
    const { connection, done } = consumer ?? {}
    consumer = undefined
    await connection?.close()
    await done
  }
  return {
    events: () => events,
    async consume(given) {
      apply = given
      await open()
    },
    killConsumer: close,
    async outage() {
      await nats.kill()
      await close()
    },
    async back() {
      nats = await startNats({ dataDir })
      await open()
    },
    async wipe() {
      const connection = await connect({ ...accessOf(nats.url), reconnect: false, timeout: 5_000 })
      await (await jetstreamManager(connection)).streams.delete(stream)
      await connection.close()
      await close()
    },
    async close() {
      await close()
      await events.module.stop?.()
      await nats.stop()
    },
  }
}

/** The bridge makes the stream with the first event it mirrors. */
async function untilThere(ask: () => Promise<unknown>): Promise<void> {
  await until('the stream is there', async () => {
    try {
      await ask()
      return true
    } catch {
      return false
    }
  })
}
