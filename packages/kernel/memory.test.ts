import assert from 'node:assert/strict'
import { Duplex } from 'node:stream'
import { after, before, test } from 'node:test'
import { createTestDatabase } from '@oo/local'
import pg from 'pg'
import {
  changed,
  closePool,
  frozenClock,
  openListener,
  openMemory,
  openPool,
  silentLog,
  tellOthers,
  transaction,
} from './index.ts'

const database = await createTestDatabase({ empty: true })
const owner = new pg.Client(database.superUrl)
const topic = 'test.notes'
const clock = frozenClock('2026-03-01T10:00:00Z')

/** A process of its own, as far as memories know: a pool, a listener, a memory. */
function openProcess() {
  const db = openPool(database.url('oo_api'), { log: silentLog, name: 'test', max: 4 })
  const listener = openListener(db, { log: silentLog })
  const memory = openMemory<string>(db, { topic, most: 3, clock })
  let reads = 0
  return {
    db,
    listener,
    memory,
    look: async (id: string) => {
      const read = async () => {
        reads += 1
        const { rows } = await db.$client.query<{ text: string }>('SELECT text FROM notes WHERE id = $1', [
          id,
        ])
        return rows[0]?.text ?? ''
      }
      return (await memory.look(id, read)).value
    },
    write: (id: string, text: string) =>
      transaction(db, async tx => {
        changed(tx, topic, id)
        await tx.$client.query('UPDATE notes SET text = $2 WHERE id = $1', [id, text])
      }),
    reads: () => reads,
    async stop() {
      await listener.stop()
      await closePool(db)
    },
  }
}

/** Ends the connection without a word, as a network does. */
function cutOff(client: object): void {
  const connection: unknown = Reflect.get(client, 'connection')
  assert.ok(connection instanceof Object)
  const stream: unknown = Reflect.get(connection, 'stream')
  assert.ok(stream instanceof Duplex)
  stream.destroy()
}
const [here, there] = [openProcess(), openProcess()]

before(async () => {
  await owner.connect()
  await owner.query(`CREATE TABLE notes (id text PRIMARY KEY, text text); GRANT ALL ON notes TO oo_api;
    GRANT CONNECT ON DATABASE ${database.name} TO oo_api; GRANT USAGE ON SCHEMA public TO oo_api;
    CREATE FUNCTION be_slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.3); RETURN NULL; END';
    CREATE CONSTRAINT TRIGGER slow AFTER UPDATE ON notes DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW WHEN (NEW.text = 'slow') EXECUTE FUNCTION be_slow();
    INSERT INTO notes SELECT n, 'old' FROM generate_series(1, 1000) AS n`)
  await Promise.all([here.listener.start(), there.listener.start()])
})
after(async () => {
  await here.stop()
  await there.stop()
  await owner.end()
  await database.drop()
})

async function within(ms: number, holds: () => Promise<boolean>): Promise<void> {
  const deadline = AbortSignal.timeout(ms)
  while (!(await holds())) {
    deadline.throwIfAborted()
    await new Promise(resolve => setImmediate(resolve))
  }
}

test('what is known is not read again, for as long as changes are heard', async () => {
  await here.look('1')
  const reads = here.reads()
  clock.advance(300_000)
  assert.equal(await here.look('1'), 'old')
  assert.equal(here.reads(), reads)
})

test('a change is known at once where it was made, and within a second elsewhere', async () => {
  assert.deepEqual([await here.look('2'), await there.look('2')], ['old', 'old'])
  await here.write('2', 'new')
  assert.equal(await here.look('2'), 'new')
  await within(1_000, async () => (await there.look('2')) === 'new')
})

test('a change that is rolled back is told to nobody', async () => {
  await there.look('3')
  const reads = there.reads()
  await assert.rejects(
    transaction(here.db, async tx => {
      changed(tx, topic, '3')
      await tx.$client.query('SELECT 1 / 0')
    }),
  )
  await here.write('4', 'after it')
  await within(1_000, async () => (await there.look('4')) === 'after it')
  await there.look('3')
  assert.ok(there.reads() <= reads + 2)
})

test('a read that began before a change is not kept after it', async () => {
  const { promise: slow, resolve: arrive } = Promise.withResolvers<string>()
  const early = here.memory.look('5', () => slow)
  await here.write('5', 'new')
  arrive('old')
  assert.equal((await early).value, 'old')
  assert.equal(await here.look('5'), 'new')
})

test('a successor takes the place of what was found, but not of what changed meanwhile', async () => {
  const read = async () => 'first'
  const found = await here.memory.look('6', read)
  found.replace('second')
  assert.equal(await here.look('6'), 'second')
  const stale = await here.memory.look('6', read)
  await there.write('6', 'elsewhere')
  await within(1_000, async () => (await here.look('6')) === 'elsewhere')
  stale.replace('third')
  assert.equal(await here.look('6'), 'elsewhere')
})

test('a commit whose answer was lost is taken for one: what it changed is read anew', async () => {
  await here.look('8')
  let cut = () => {}
  const lost = transaction(here.db, async tx => {
    changed(tx, topic, '8')
    await tx.$client.query(`UPDATE notes SET text = 'slow' WHERE id = '8'`)
    cut = () => cutOff(tx.$client)
  })
  const refused = assert.rejects(lost)
  await within(2_000, async () => {
    const { rows } = await owner.query(
      `SELECT 1 FROM pg_stat_activity WHERE query = 'COMMIT' AND state = 'active' AND datname = $1`,
      [database.name],
    )
    return rows.length > 0
  })
  cut()
  await refused
  await within(2_000, async () => {
    const { rows } = await owner.query(`SELECT text FROM notes WHERE id = '8'`)
    return rows[0]?.text === 'slow'
  })
  await within(1_000, async () => (await here.look('8')) === 'slow')
})

test('a successor that comes too late leaves nothing that is older than itself', async () => {
  let text = 'first'
  const read = async () => text
  const found = await here.memory.look('9', read)
  here.memory.amend('9', before => `${before}, amended`)
  text = 'second'
  found.replace('second')
  assert.equal((await here.memory.look('9', read)).value, 'second')
})

test('a memory is bounded: what was not asked for longest goes first', async () => {
  for (const id of ['11', '12', '13', '11', '14']) await here.look(id)
  const reads = here.reads()
  await here.look('11')
  assert.equal(here.reads(), reads)
  await here.look('12')
  assert.equal(here.reads(), reads + 1)
})

test('more changes than one notice can name are all told', async () => {
  const ids = Array.from({ length: 1_000 }, (_, at) => String(at + 1))
  const named = (id: string) => `${id.padStart(36, '0')}`
  await there.look(named('1000'))
  const before = there.reads()
  await transaction(here.db, async tx => {
    for (const id of ids) tellOthers(tx, topic, named(id))
  })
  await within(1_000, async () => {
    await there.look(named('1000'))
    return there.reads() > before
  })
})

test('when the listening connection is lost, everything is forgotten and memories hold for a second', async () => {
  const alone = openProcess()
  await alone.listener.start()
  try {
    assert.equal(await alone.look('20'), 'old')
    await owner.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name = 'listener' AND datname = current_database()`,
    )
    await here.write('20', 'new')
    await within(1_000, async () => (await alone.look('20')) === 'new')
  } finally {
    await alone.stop()
  }
  const deaf = openProcess()
  try {
    assert.equal(await deaf.look('21'), 'old')
    await here.write('21', 'new')
    clock.advance(999)
    assert.equal(await deaf.look('21'), 'old')
    clock.advance(1)
    assert.equal(await deaf.look('21'), 'new')
  } finally {
    await deaf.stop()
  }
})

test('a listening connection that no longer answers is trusted for a second at most', async () => {
  const listeners = async () => {
    const { rows } = await owner.query<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity WHERE application_name = 'listener' AND datname = current_database()`,
    )
    return rows.map(({ pid }) => pid)
  }
  const others = await listeners()
  const cut = openProcess()
  await cut.listener.start()
  const pid = (await listeners()).find(candidate => !others.includes(candidate))
  assert.ok(pid)
  assert.equal(await cut.look('30'), 'old')
  process.kill(pid, 'SIGSTOP')
  try {
    await here.write('30', 'new')
    clock.advance(5_000)
    await within(1_200, async () => (await cut.look('30')) === 'new')
  } finally {
    process.kill(pid, 'SIGCONT')
    await cut.stop()
  }
})
