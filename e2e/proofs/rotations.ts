// R12, master keys: a rotation is killed at random moments, then carried to its end. Every key that was wrapped must
// come out the same, each time under the key its row names.
import { createCipheriv, createDecipheriv, randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { begin, type Database, environment, makeSecrets, must, onServer } from './operatorVerbs.ts'
import type { ProofHouse, ProofRow } from './proof.ts'

const counts = { short: { kills: 1, people: 3_000 }, full: { kills: 100, people: 5_000 } }

type Keys = Map<string, Buffer>

/** On a migrated database in which nobody is yet. */
export async function rotations(house: ProofHouse, database: Database): Promise<ProofRow> {
  const { kills, people } = house.full ? counts.full : counts.short
  const secrets: Record<string, string> = { ...makeSecrets(), OO_BACKUP_DIR: house.folder }
  const masters: Keys = new Map([['1', Buffer.from(secrets.OO_KEK_1 ?? '', 'base64')]])
  const words = await wrapPeople(database, masters, people)
  const sum = { lost: 0, midway: 0 }
  let control: ProofRow['control'] = 'missed'
  let usualMs = 2_000
  for (let kill = 0; kill < kills; kill++) {
    house.signal.throwIfAborted()
    const id = String(kill + 2)
    masters.set(id, randomBytes(32))
    secrets[`OO_KEK_${id}`] = masters.get(id)?.toString('base64') ?? ''
    secrets.OO_KEK_ACTIVE = id
    const env = environment(database, secrets)
    const killed = begin('oo.ts', ['keys', 'rewrap'], env)
    await Promise.race([
      killed.ended,
      kill % 2 === 0 ? afterABatch(killed.lines) : delay(usualMs * Math.random()),
    ])
    killed.kill()
    await killed.ended
    const half = await unopened(database, masters, words)
    sum.lost += half.lost
    const isMidway = half.under.size > 1
    if (isMidway) sum.midway += 1
    // The control: without the older key, a rotation that was killed midway has lost keys, and that must be seen.
    const withoutOld = new Map([...masters].filter(([name]) => name === id))
    if ((await unopened(database, withoutOld, words)).lost > 0) control = 'caught'
    const began = performance.now()
    await must('oo.ts', ['keys', 'rewrap'], env)
    if (!isMidway) usualMs = performance.now() - began
    const whole = await unopened(database, masters, words)
    sum.lost += whole.lost + (whole.under.size === 1 && whole.under.has(id) ? 0 : 1)
  }
  return {
    id: 'R12',
    what: 'a rotation of master keys that is killed goes on',
    done: kills,
    of: kills,
    unit: 'kills',
    lost: sum.lost,
    doubled: 0,
    control,
    notes: [`${people} keys; ${sum.midway} of the kills fell between two batches`],
  }
}

const pollMs = 2
const anotherBatchMs = 60
const toldWithinMs = 60_000

/** The first batch is told of; then anywhere within the next few. */
async function afterABatch(lines: () => string): Promise<void> {
  const deadline = Date.now() + toldWithinMs
  while (!lines().includes('…') && Date.now() < deadline) await delay(pollMs)
  await delay(Math.random() * anotherBatchMs)
}

const place = (id: string) => `auth.person_keys.wrapped:${id}`

async function wrapPeople(database: Database, masters: Keys, people: number): Promise<Keys> {
  const words: Keys = new Map()
  const wrapped: Buffer[] = []
  for (let count = 0; count < people; count++) {
    const [id, key] = [randomUUID(), randomBytes(32)]
    words.set(id, key)
    wrapped.push(wrap(masters.get('1') ?? key, key, place(id)))
  }
  await onServer(database.url('oo_api'), async client => {
    await client.query('INSERT INTO auth.people (id, created_at) SELECT unnest($1::uuid[]), now()', [
      [...words.keys()],
    ])
    await client.query(
      `INSERT INTO auth.person_keys SELECT id, '1', wrapped, now() FROM unnest($1::uuid[], $2::bytea[]) AS t (id, wrapped)`,
      [[...words.keys()], wrapped],
    )
  })
  return words
}

/** How many keys do not come out as they went in, and under which master keys they lie. */
function unopened(
  database: Database,
  masters: Keys,
  words: Keys,
): Promise<{ lost: number; under: Set<string> }> {
  return onServer(database.url('oo_api'), async client => {
    const { rows } = await client.query<{ person_id: string; kek_id: string; wrapped: Buffer }>(
      'SELECT person_id, kek_id, wrapped FROM auth.person_keys',
    )
    const opened = rows.filter(({ person_id, kek_id, wrapped }) => {
      const master = masters.get(kek_id)
      const key = master && unwrap(master, wrapped, place(person_id))
      return key?.equals(words.get(person_id) ?? Buffer.alloc(0))
    })
    return { lost: words.size - opened.length, under: new Set(rows.map(row => row.kek_id)) }
  })
}

function wrap(master: Buffer, key: Buffer, at: string): Buffer {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', master, nonce).setAAD(Buffer.from(at))
  const body = Buffer.concat([cipher.update(key), cipher.final()])
  return Buffer.concat([Buffer.from([1]), nonce, cipher.getAuthTag(), body])
}

/** By hand, so that a mistake in the kernel's own opening cannot hide: version, 12 bytes nonce, 16 bytes tag, text. */
function unwrap(master: Buffer, sealed: Buffer, at: string): Buffer | undefined {
  try {
    const decipher = createDecipheriv('aes-256-gcm', master, sealed.subarray(1, 13)).setAAD(Buffer.from(at))
    decipher.setAuthTag(sealed.subarray(13, 29))
    return Buffer.concat([decipher.update(sealed.subarray(29)), decipher.final()])
  } catch {
    return undefined
  }
}
