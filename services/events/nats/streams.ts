import type { StreamConfig, StreamInfo } from '@nats-io/jetstream'
import type { Family } from './families.ts'
import { type Connection, takesBatches } from './line.ts'

const day = 86_400e9
const megabyte = 2 ** 20
/** Twice the largest batch: what an earlier, unanswered delivery can have left at the end of a stream. */
const tailLength = 1_000
const notFound = 404

export interface StreamLimits {
  /** As long as the log keeps events. */
  retentionDays: number
  /** How long NATS itself knows an id. Default: two minutes. */
  knowsIdsMs?: number
}

type Wanted = Partial<StreamConfig> & { name: string }

/** Discards the oldest when it is full: the log is the truth, and nobody's request waits for room here. */
const configOf = (
  { name, stream }: Family,
  { retentionDays, knowsIdsMs = 120_000 }: StreamLimits,
): Wanted => ({
  name: stream,
  description: 'A mirror of events.log: ids and numbers, no text',
  subjects: [`${name}.>`],
  storage: 'file',
  retention: 'limits',
  discard: 'old',
  max_age: retentionDays * day,
  max_bytes: (name === 'signals' ? 2_048 : 256) * megabyte,
  max_msg_size: megabyte / 4,
  duplicate_window: knowsIdsMs * 1e6,
  allow_direct: true,
  num_replicas: 1,
})

export async function findStream({ manager }: Connection, stream: string): Promise<StreamInfo | null> {
  try {
    return await manager.streams.info(stream)
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

/** Creates the stream, or brings an existing one to these limits. Safe to run again, and in two processes. */
export async function ensureStream(
  connection: Connection,
  family: Family,
  limits: StreamLimits,
): Promise<void> {
  const { manager } = connection
  const config = { ...configOf(family, limits), ...(takesBatches(connection) && { allow_atomic: true }) }
  const found = await findStream(connection, family.stream)
  if (!found) await manager.streams.add(config)
  // Replicas are the operator's choice on a cluster, so an update leaves them.
  else await manager.streams.update(family.stream, { ...config, num_replicas: found.config.num_replicas })
}

/** The ids of the newest messages: what an earlier try of the same batch may have left there. */
export async function newestIds({ manager }: Connection, stream: string): Promise<Set<string>> {
  const { state } = await manager.streams.info(stream)
  const ids = new Set<string>()
  if (state.messages === 0) return ids
  const seq = Math.max(state.first_seq, state.last_seq - tailLength + 1)
  const messages = await manager.direct.getBatch(stream, { seq, batch: tailLength })
  for await (const message of messages) ids.add(message.header.get('Nats-Msg-Id'))
  return ids
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'status' in error && error.status === notFound
