import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { gunzipSync, gzipSync } from 'node:zlib'
import { createTestDatabase, type TestDatabase, until } from '@oo/local'
import pg from 'pg'
import {
  type Backup,
  beginRestoring,
  endRestoring,
  fillDatabase,
  migrate,
  openBackup,
  type Portable,
  restoringFrom,
  verifyBackup,
  writeBackup,
} from '../index.ts'

const folder = mkdtempSync(join(tmpdir(), 'oo-backup-'))
const migrations = join(folder, 'migrations')
const modules = [{ schema: 'garden', folder: migrations }]
const databases: TestDatabase[] = []
const clients: pg.Client[] = []
const portable: Portable = {
  'garden.diary': { columns: { xid: `'3'::xid8`, seq: 'row_number() OVER (ORDER BY t.xid, t.seq)' } },
}

const schema = `
  CREATE TABLE garden.plants (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, bed text NOT NULL REFERENCES garden.beds,
    root bigint REFERENCES garden.plants, twice bigint GENERATED ALWAYS AS (id * 2) STORED);
  CREATE TABLE garden.odd (words text, sealed bytea, at timestamptz, tags text[], facts jsonb, size real, day date);
  CREATE TABLE garden.leaves (day date NOT NULL, n int NOT NULL) PARTITION BY RANGE (day);
  CREATE TABLE garden.leaves_old PARTITION OF garden.leaves FOR VALUES FROM (MINVALUE) TO ('2026-01-01');
  CREATE TABLE garden.leaves_new PARTITION OF garden.leaves DEFAULT;
  CREATE TABLE garden.diary (seq bigint GENERATED ALWAYS AS IDENTITY, xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    word text, PRIMARY KEY (xid, seq));
  CREATE FUNCTION garden.stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.colour := 'stamped'; RETURN NEW; END $$;
  CREATE TRIGGER stamps BEFORE INSERT ON garden.beds FOR EACH ROW EXECUTE FUNCTION garden.stamp();`

async function empty(): Promise<{ database: TestDatabase; client: pg.Client; url: string }> {
  const database = await createTestDatabase({ empty: true })
  databases.push(database)
  const client = new pg.Client(database.url('oo_owner'))
  await client.connect()
  clients.push(client)
  return { database, client, url: database.url('oo_owner') }
}

let garden: Awaited<ReturnType<typeof empty>>
let made: Backup
const file = join(folder, 'kept', 'garden.oo-backup')
mkdirSync(join(folder, 'kept'))
const write = (to: string, url = garden.url) => writeBackup(url, { file: to, version: '9.9', portable })

before(async () => {
  const { mkdirSync } = await import('node:fs')
  mkdirSync(migrations)
  writeFileSync(
    join(migrations, '0001_plants.sql'),
    `CREATE TABLE garden.beds (name text PRIMARY KEY, colour text);${schema}`,
  )
  garden = await empty()
  await migrate(garden.url, modules)
  await garden.client.query(`
    INSERT INTO garden.beds VALUES ('north'), ('söuth');
    UPDATE garden.beds SET colour = 'blue' WHERE name = 'north';
    INSERT INTO garden.plants (bed) VALUES ('north'), ('söuth');
    INSERT INTO garden.plants (bed, root) VALUES ('north', 1);
    DELETE FROM garden.plants WHERE id = 2;
    INSERT INTO garden.odd VALUES (E'a\\tb\\nc\\\\.\\r\\n\\\\N "🌱"', '\\x00ff0a5c', 'infinity', ARRAY['a,b', NULL, '{'],
      '{"a": "\\n"}', 0.1, '0044-03-15 BC'), (NULL, '', '-infinity', '{}', 'null', 'NaN', 'infinity'), ('\\.', NULL, now(), NULL, NULL, NULL, NULL);
    INSERT INTO garden.leaves SELECT '2025-12-30'::date + i % 5, i FROM generate_series(1, 5000) i;`)
  for (const word of ['one', 'two', 'three'])
    await garden.client.query('INSERT INTO garden.diary (word) VALUES ($1)', [word])
  made = await write(file)
})
after(async () => {
  for (const client of clients) await client.end()
  for (const { drop } of databases) await drop()
  rmSync(folder, { recursive: true, force: true })
})

async function restored() {
  const target = await empty()
  await beginRestoring(target.client, file)
  await migrate(target.url, modules, { restoring: true })
  const reader = await openBackup(file)
  await fillDatabase(target.client, reader)
  await endRestoring(target.client)
  return target
}

test('what comes back is what was there: every kind of value, partitions, identities, references, triggers untouched', async () => {
  const target = await restored()
  const again = await write(join(folder, 'again.oo-backup'), target.url)
  assert.deepEqual(again.foot.tables, made.foot.tables)
  assert.deepEqual(again.foot.sequences, made.foot.sequences)
  assert.equal(made.foot.tables['garden.leaves']?.rows, 5_000)
  for (const sql of [
    'SELECT * FROM garden.odd ORDER BY words',
    'SELECT * FROM garden.plants',
    'SELECT * FROM garden.beds',
  ])
    assert.deepEqual((await target.client.query(sql)).rows, (await garden.client.query(sql)).rows, sql)
  await target.client.query(`INSERT INTO garden.plants (bed) VALUES ('north')`)
  const { rows } = await target.client.query('SELECT max(id)::int AS id FROM garden.plants')
  assert.equal(rows[0].id, 4, 'numbers that were given out are not given out again')
  await target.client.query(`INSERT INTO garden.beds VALUES ('west')`)
  const { rows: west } = await target.client.query(`SELECT colour FROM garden.beds WHERE name = 'west'`)
  assert.equal(west[0].colour, 'stamped', 'triggers work again')
})

test('numbers of transactions are made anew: in the old order, below all that come', async () => {
  const target = await restored()
  await target.client.query(`INSERT INTO garden.diary (word) VALUES ('four')`)
  const rows = async () =>
    (
      await target.client.query(
        `SELECT word, xid < pg_snapshot_xmin(pg_current_snapshot()) AS below FROM garden.diary ORDER BY xid, seq`,
      )
    ).rows
  assert.deepEqual(
    (await rows()).map(row => row.word),
    ['one', 'two', 'three', 'four'],
  )
  // Other tests have transactions open in the same server.
  await until('all are below what comes', async () => (await rows()).every(row => row.below))
})

test('a column that means something to one server only is refused until somebody says how it travels', async () => {
  await assert.rejects(
    writeBackup(garden.url, { file: join(folder, 'no.oo-backup'), version: '9.9', portable: {} }),
    /garden\.diary\.xid is of type xid8, which means something to this server only/,
  )
})

test('a backup is one snapshot, whatever is written meanwhile', async () => {
  let more = true
  const writer = (async () => {
    const client = new pg.Client(garden.url)
    await client.connect()
    while (more) {
      await client.query(`WITH a AS (INSERT INTO garden.beds SELECT 'b' || gen_random_uuid() RETURNING name)
        INSERT INTO garden.plants (bed) SELECT name FROM a`)
    }
    await client.query(
      `DELETE FROM garden.plants WHERE bed LIKE 'b%'; DELETE FROM garden.beds WHERE name LIKE 'b%'`,
    )
    await client.end()
  })()
  for (let round = 0; round < 5; round++) {
    const { foot } = await write(join(folder, `round-${round}`))
    const [beds, plants] = [foot.tables['garden.beds']?.rows ?? 0, foot.tables['garden.plants']?.rows ?? 0]
    assert.equal(beds - plants, 0, 'a bed and its plant come together')
  }
  more = false
  await writer
})

test('only its owner can read it, it never replaces a file, and a failure leaves nothing behind', async () => {
  assert.equal(statSync(file).mode & 0o777, 0o600)
  await assert.rejects(write(file), /exists already: name a file that does not/)
  await assert.rejects(write(join(folder, 'not-mounted', 'x')), /no folder .*not-mounted: make it, or mount/)
  const lost = join(folder, 'lost')
  mkdirSync(lost)
  await assert.rejects(write(join(lost, 'x'), garden.url.replace('oo_owner:', 'oo_owner:wrong')), /password/)
  assert.deepEqual(readdirSync(lost), [])
})

test('a file that is cut short, changed, foreign or missing is refused with a sentence, at any place', async () => {
  const whole = readFileSync(file)
  const other = join(folder, 'other')
  const refusal = async (bytes: Buffer) => {
    writeFileSync(other, bytes)
    return verifyBackup(other).then(
      () => 'accepted',
      (error: Error) => error.message,
    )
  }
  for (const at of [0, 1, 20, whole.length >> 1, whole.length - 9, whole.length - 1])
    assert.match(
      await refusal(whole.subarray(0, at)),
      /is damaged or was cut short|is not a backup/,
      `cut at ${at}`,
    )
  const plain = gunzipSync(whole)
  for (let at = 3; at < plain.length - 1; at += Math.ceil(plain.length / 40)) {
    const changed = Buffer.from(plain)
    changed[at] = (changed[at] ?? 0) ^ 1
    assert.match(await refusal(gzipSync(changed)), /is damaged|is not a backup/, `changed at ${at}`)
  }
  assert.match(
    await refusal(gzipSync('{"format":"oo-backup/2"}\n')),
    /not a backup that this version of oO can read/,
  )
  await assert.rejects(verifyBackup(join(folder, 'nothing')), /does not exist: name a backup/)
})

test('a database that is not empty is refused; one with half a restore is refused by everything but a restore', async () => {
  await assert.rejects(
    beginRestoring(garden.client, file),
    /not empty \(it has garden\.beds\): restore into an empty one/,
  )
  const target = await empty()
  await beginRestoring(target.client, file)
  await migrate(target.url, modules, { restoring: true })
  await assert.rejects(
    migrate(target.url, modules),
    /A restore of .*garden\.oo-backup into this database did not finish/,
  )
  await beginRestoring(target.client, file)
  assert.equal(await restoringFrom(target.client), file)
  await migrate(target.url, modules, { restoring: true })
  await endRestoring(target.client)
  assert.deepEqual(await migrate(target.url, modules), [])
})

test('tables that differ from the backup’s stop a restore before a row is written', async () => {
  const target = await empty()
  await migrate(target.url, modules)
  await target.client.query('ALTER TABLE garden.beds ADD COLUMN shade text')
  const reader = await openBackup(file)
  await assert.rejects(fillDatabase(target.client, reader), /garden\.beds is not the same here .* \(9\.9\)/)
  reader.close()
  await target.client.query('ROLLBACK')
})
