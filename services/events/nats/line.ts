// The one connection to NATS: opened when it is needed, shared, and thrown away when anything about it fails. The
// relay's back-off decides when it is tried again, so nothing here reconnects, buffers or repeats by itself.
import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream'
import type { MsgHdrs, NatsConnection } from '@nats-io/transport-node'
import type { Log } from '@oo/kernel'

export interface Connection {
  nats: NatsConnection
  js: JetStreamClient
  manager: JetStreamManager
  /** Empty ones. */
  headers(): MsgHdrs
}

/** Since 2.12 a server takes many messages as one, where the stream allows it. */
export function takesBatches({ nats }: Pick<Connection, 'nats'>): boolean {
  const [major = 0, minor = 0] = (nats.info?.version ?? '').split('.').map(Number)
  return major > 2 || (major === 2 && minor >= 12)
}

export interface Line {
  open(signal: AbortSignal): Promise<Connection>
  /** After a failure: whoever comes next opens a new one. */
  drop(connection: Connection): Promise<void>
  stop(): Promise<void>
}

const connectWithinMs = 2_000
/** One answer of the server about itself. */
const answerWithinMs = 3_000

export class NatsAway extends Error {
  override readonly name = 'NatsAway'
}

export function openLine(url: string, log: Log): Line {
  let current: Connection | undefined
  let opening: Promise<Connection> | undefined
  let away = false
  let stopped = false

  const dial = async (): Promise<Connection> => {
    try {
      const connection = await connectTo(url)
      if (away) log.info('the event stream is back')
      away = false
      return connection
    } catch (error) {
      if (!away) log.warn({ err: error }, 'the event stream is away; events wait in the log meanwhile')
      away = true
      throw new NatsAway('NATS (NATS_URL) does not answer.', { cause: error })
    }
  }

  return {
    async open(signal) {
      signal.throwIfAborted()
      if (stopped) throw new NatsAway('The event stream is closed.')
      if (current && !current.nats.isClosed()) return current
      opening ??= dial().finally(() => {
        opening = undefined
      })
      current = await opening
      return current
    },
    async drop(connection) {
      if (current === connection) current = undefined
      await connection.nats.close()
    },
    async stop() {
      stopped = true
      const last = (await opening?.catch(() => undefined)) ?? current
      await last?.nats.close()
    },
  }
}

async function connectTo(url: string): Promise<Connection> {
  // Loaded here, so that an instance without NATS does not carry the client.
  const { connect, headers } = await import('@nats-io/transport-node')
  const { jetstream, jetstreamManager } = await import('@nats-io/jetstream')
  const nats = await connect({
    ...accessOf(url),
    name: 'oo-events',
    timeout: connectWithinMs,
    reconnect: false,
    pingInterval: 10_000,
    maxPingOut: 2,
  })
  try {
    const manager = await jetstreamManager(nats, { timeout: answerWithinMs })
    return { nats, manager, js: jetstream(nats, { timeout: answerWithinMs }), headers }
  } catch (error) {
    await nats.close()
    throw error
  }
}

/** `nats://user:password@host:port`, `nats://token@host`, `tls://…`. */
export function accessOf(url: string) {
  const { protocol, host, username, password } = new URL(url)
  const [user, pass] = [decodeURIComponent(username), decodeURIComponent(password)]
  return {
    servers: host,
    ...(pass ? { user, pass } : user && { token: user }),
    ...(protocol === 'tls:' && { tls: {} }),
  }
}
