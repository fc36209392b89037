// The log and its mirror: events written straight into the one, ids read from both and compared.
import { randomUUID } from 'node:crypto'
import { create, toBinary } from '@bufbuild/protobuf'
import { timestampFromDate } from '@bufbuild/protobuf/wkt'
import { jetstreamManager, type StoredMsg } from '@nats-io/jetstream'
import { connect, type NatsConnection } from '@nats-io/transport-node'
import { EnvelopeSchema } from '@oo/shared-types/events'
import pg from 'pg'

const stream = 'oo-signals'
const people = Array.from({ length: 100 }, () => randomUUID())
const writtenAtOnce = 2_000
const readAtOnce = 10_000

export async function openLog(ownerUrl: string): Promise<pg.Client> {
  const log = new pg.Client({ connectionString: ownerUrl })
  log.on('error', () => {})
  await log.connect()
  return log
}

export async function writeEvents(
  log: pg.Client,
  count: number,
  told: (done: number) => void = () => {},
): Promise<void> {
  for (let done = 0; done < count; done += writtenAtOnce) {
    const events = Array.from({ length: Math.min(writtenAtOnce, count - done) }, makeEvent)
    await log.query(
      `INSERT INTO events.log (id, subject, person_id, at, envelope)
        SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::timestamptz[], $5::bytea[])`,
      [
        events.map(({ id }) => id),
        events.map(({ type }) => type),
        events.map(({ personId }) => personId),
        events.map(() => new Date()),
        events.map(event => Buffer.from(toBinary(EnvelopeSchema, event))),
      ],
    )
    if ((done + writtenAtOnce) % 100_000 === 0) told(done + writtenAtOnce)
  }
}

const makeEvent = (_: unknown, index: number) =>
  create(EnvelopeSchema, {
    id: randomUUID(),
    type: 'signals.tip.shown',
    at: timestampFromDate(new Date()),
    personId: people[index % people.length] ?? '',
    schemaVersion: 1,
    payload: { case: 'tipShown', value: { tipId: randomUUID(), decisionId: randomUUID() } },
  })

/** In the order of the log. */
export async function idsInLog(log: pg.Client): Promise<string[]> {
  const { rows } = await log.query<{ id: string }>({
    text: `SELECT id FROM events.log WHERE subject LIKE 'signals.%' ORDER BY xid, seq`,
  })
  return rows.map(({ id }) => id)
}

/** In the order of the stream. */
export async function idsOnStream(url: string): Promise<string[]> {
  return withStream(url, async manager => {
    const ids: string[] = []
    const { state } = await manager.streams.info(stream)
    for (let seq = state.first_seq; seq <= state.last_seq; ) {
      const page: StoredMsg[] = []
      for await (const message of await manager.direct.getBatch(stream, { seq, batch: readAtOnce }))
        page.push(message)
      if (page.length === 0) break
      for (const message of page) ids.push(message.header.get('Nats-Msg-Id'))
      seq = (page.at(-1)?.seq ?? state.last_seq) + 1
    }
    return ids
  })
}

/** How many it holds; none while it is not there. */
export async function countOnStream(url: string): Promise<number> {
  return withStream(url, async manager => {
    const found = await manager.streams.info(stream).catch(() => null)
    return found?.state.messages ?? 0
  })
}

/** Doubled: more than once on the stream; out of order: behind a later one of the log. */
export function againstLog(logged: readonly string[], mirrored: readonly string[]) {
  const places = new Map(logged.map((id, place) => [id, place]))
  const seen = new Set<string>()
  let [doubled, reordered, furthest] = [0, 0, -1]
  for (const id of mirrored) {
    if (seen.has(id)) doubled += 1
    seen.add(id)
    const place = places.get(id) ?? -1
    if (place < furthest) reordered += 1
    furthest = Math.max(furthest, place)
  }
  return { lost: logged.filter(id => !seen.has(id)).length, doubled, reordered }
}

type Manager = Awaited<ReturnType<typeof jetstreamManager>>

async function withStream<T>(url: string, ask: (manager: Manager) => Promise<T>): Promise<T> {
  const { host, username, password } = new URL(url)
  const nats: NatsConnection = await connect({
    servers: host,
    user: username,
    pass: password,
    reconnect: false,
    timeout: 5_000,
  })
  try {
    return await ask(await jetstreamManager(nats, { timeout: 30_000 }))
  } finally {
    await nats.close()
  }
}
