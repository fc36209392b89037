// No person's words at rest in the clear: a person lives through the whole loop with texts that are found nowhere else,
// and the bytes that NATS, the database and the logs keep are searched for them.
import assert from 'node:assert/strict'
import {
  createWriteStream,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
} from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { type Log, openLog } from '@oo/kernel'
import { type Nats, startNats, storedIn } from '@oo/local'
import pg from 'pg'
import { type Person, startInstance } from './testInstance.ts'
import { tipThat } from './testTips.ts'

const email = 'kanarienvogel-qx81@example.test'
const name = 'Zaunkönig Wqv Rotkehlchen'
const titles = Array.from({ length: 4 }, (_, number) => `Distelfink jq${number} füttern um halb sieben`)
const canaries = [email, name, ...titles, 'kanarienvogel-qx81', 'Rotkehlchen', 'Distelfink']

/** Planted tasks that became tips. */
const shown = new Set<string>()

let folder: string
let nats: Nats
let instance: Awaited<ReturnType<typeof startInstance>>
let log: Log
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'oo-words-'))
  nats = await startNats({ dataDir: join(folder, 'nats') })
  const destination = createWriteStream(join(folder, 'api.log'))
  log = openLog('api', { level: 'debug', destination })
  instance = await startInstance({ log, settings: { natsUrl: nats.url, logLevel: 'debug' } })
})
after(async () => {
  await instance.stop()
  await nats.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('what a person is called, writes and has to do is nowhere in the stream, the database and the logs', async () => {
  await live()
  assert.equal(shown.size, titles.length, 'every planted task was a tip')
  const ids = await eventIds()
  assert.ok(ids.length >= 10, `only ${ids.length} events happened`)
  await until(() => {
    const kept = storedIn(nats.storeDir)
    return ids.every(id => kept.includes(id))
  })
  const places = [folder, await databaseFolder()]
  assert.deepEqual(
    places.flatMap(place => foundIn(place)),
    [],
  )
})

test('the search is not blind: a canary that is put on the stream is found, in each encoding', async () => {
  for (const [encoding, encode] of Object.entries(encodings)) {
    await publish('signals.control.p0', encode('Distelfink jq9 control'))
    await until(() => found(storedIn(nats.storeDir)).some(hit => hit.endsWith(` as ${encoding}`)))
  }
})

test('nor in the database: a canary in a row is found in a table, and in the log that is written ahead', async () => {
  await asOwner(async owner => {
    await owner.query('CREATE TABLE public.control (words text)')
    await owner.query("INSERT INTO public.control VALUES ('Distelfink in a row')")
  })
  const hits = foundIn(await databaseFolder())
  assert.ok(
    hits.some(hit => hit.includes('/base/')),
    hits.join(),
  )
  assert.ok(
    hits.some(hit => hit.includes('/pg_wal/')),
    hits.join(),
  )
})

test('nor in the logs: a canary that is logged is found', async () => {
  log.info({ said: 'Distelfink in a line' }, 'a control')
  await until(() => foundIn(folder).some(hit => hit.includes('api.log')))
})

/** Sign-in, a connection, tips, reactions of several kinds, an undo, a pause, a disconnection, an erasure. */
async function live(): Promise<void> {
  await instance.control('POST', 'people', { email, name })
  for (const content of titles)
    await instance.control('POST', `todoist/${email}/tasks`, { content, description: name, priority: 4 })
  const person = await instance.signIn(email)
  await person.visit('/api/integrations/todoist/connect')
  for (const reaction of ['helpful', 'not_helpful', 'wrong_thing']) await reactToNext(person, reaction)
  const undone = await reactToNext(person, 'done')
  await person.send('DELETE', `/api/feedback/${undone}`)
  await person.send('POST', '/api/profile/pause', { until: null })
  await person.send('DELETE', '/api/profile/pause')
  const integrations = await person.get('/api/integrations')
  assert.equal(integrations.status, 200)
  await person.send('DELETE', '/api/integrations/todoist')
}

async function reactToNext(person: Person, reaction: string): Promise<string> {
  const tip = await tipThat(person, ({ text }) => titles.includes(text))
  shown.add(tip.text)
  await person.send('POST', `/api/tips/${tip.id}/shown`, {})
  const answer = await person.send('POST', '/api/feedback', { tipId: tip.id, reaction })
  assert.equal(answer.status, 200, JSON.stringify(answer.body))
  return String(answer.body.id)
}

async function asOwner<T>(work: (owner: pg.Client) => Promise<T>): Promise<T> {
  const owner = new pg.Client({ connectionString: instance.database.superUrl })
  await owner.connect()
  try {
    return await work(owner)
  } finally {
    await owner.end()
  }
}

const eventIds = (): Promise<string[]> =>
  asOwner(async owner => {
    const { rows } = await owner.query<{ id: string }>('SELECT id FROM events.log')
    return rows.map(({ id }) => id)
  })

/** With everything written that was kept in memory; the server's own log lies beside its data. */
const databaseFolder = (): Promise<string> =>
  asOwner(async owner => {
    await owner.query('CHECKPOINT')
    const { rows } = await owner.query<{ pid: number; folder: string }>(
      "SELECT pg_backend_pid() AS pid, current_setting('data_directory') AS folder",
    )
    const [{ pid, folder } = { pid: 0, folder: '' }] = rows
    return dirname(realpathSync(folder.replace('/proc/self/', `/proc/${pid}/`)))
  })

const base64 = (text: string, offset: number): Buffer => {
  // The whole groups in the middle are the same whatever stands around the text.
  const padded = Buffer.concat([Buffer.alloc(offset, 'x'), Buffer.from(text)])
  const whole = padded.toString('base64')
  return Buffer.from(whole.slice(offset === 0 ? 0 : 4, Math.floor(padded.length / 3) * 4))
}

const encodings: Record<string, (text: string) => Buffer> = {
  utf8: text => Buffer.from(text),
  utf16: text => Buffer.from(text, 'utf16le'),
  hex: text => Buffer.from(Buffer.from(text).toString('hex')),
  HEX: text => Buffer.from(Buffer.from(text).toString('hex').toUpperCase()),
  base64: text => base64(text, 0),
  'base64+1': text => base64(text, 1),
  'base64+2': text => base64(text, 2),
  percent: text => Buffer.from(encodeURIComponent(text)),
  json: text =>
    Buffer.from(text.replace(/[^ -~]/g, c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)),
  reversed: text => Buffer.from(Array.from(text).reverse().join('')),
}

/** File by file: a database is larger than what one buffer should hold. What is removed meanwhile is not kept. */
function foundIn(place: string): string[] {
  const files = readdirSync(place, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  return files.flatMap(file => {
    const path = join(file.parentPath, file.name)
    return existsSync(path) ? found(readFileSync(path)).map(hit => `${path}: ${hit}`) : []
  })
}

function found(kept: Buffer): string[] {
  return canaries.flatMap(canary =>
    Object.entries(encodings).flatMap(([encoding, encode]) =>
      kept.includes(encode(canary)) ? `${canary} as ${encoding}` : [],
    ),
  )
}

/** In the protocol's own words: nothing but `events` knows the client. */
function publish(subject: string, payload: Buffer): Promise<void> {
  const { username, password } = new URL(nats.url)
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: nats.port, timeout: 5_000 })
    socket.once('error', reject)
    socket.once('close', () => resolve())
    socket.write(`CONNECT ${JSON.stringify({ verbose: false, user: username, pass: password })}\r\n`)
    socket.write(
      Buffer.concat([
        Buffer.from(`PUB ${subject} ${payload.length}\r\n`),
        payload,
        Buffer.from('\r\nPING\r\n'),
      ]),
    )
    socket.on('data', chunk => {
      if (String(chunk).includes('PONG')) socket.destroy()
    })
  })
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`It never came to this: ${holds}`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}
