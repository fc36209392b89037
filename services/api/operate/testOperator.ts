// What the operator's tests stand on: an instance with people, and the verbs as the operator runs them.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestDatabase, type TestDatabase } from '@oo/local'
import pg from 'pg'
import type { Source } from '../env.ts'
import { type Person, startInstance } from '../testInstance.ts'
import { sentenceOf, WrongUse } from './refused.ts'
import { runVerb } from './verbs.ts'

export type Said = { code: number; lines: string; sentence: string }

export async function openOperator() {
  const folder = mkdtempSync(join(tmpdir(), 'oo-operator-'))
  const kek = randomBytes(32)
  const secret = randomBytes(32).toString('hex')
  const backupDir = join(folder, 'backups')
  const keyring = { active: '1', keys: new Map([['1', kek]]) }
  const instance = await startInstance({ ml: true, settings: { secret, keyring, backupDir } })
  const targets: TestDatabase[] = []
  const people = new Set<string>()
  const environment = (
    database: Pick<TestDatabase, 'url'>,
    more: Record<string, string | undefined> = {},
  ) => ({
    PATH: process.env.PATH,
    DATABASE_URL: database.url('oo_api'),
    OO_OWNER_DATABASE_URL: database.url('oo_owner'),
    OO_SECRET: secret,
    ML_SHARED_SECRET: secret,
    OO_KEK_1: kek.toString('base64'),
    OO_KEK_ACTIVE: '1',
    OO_BACKUP_DIR: backupDir,
    ...more,
  })
  return {
    folder,
    backupDir,
    instance,
    secret,
    keyring,
    environment,
    at: (name: string) => join(folder, name),
    /** Runs a verb on a database; on the instance's own when none is named. */
    oo: (words: string[], env: Source = environment(instance.database)) => run(words, env),
    async emptyDatabase() {
      const database = await createTestDatabase({ empty: true })
      targets.push(database)
      return database
    },
    /** A person with a source, a tip they saw and reacted to, and the next tip. */
    async live(email: string): Promise<{ person: Person; id: string }> {
      const person = await instance.signIn(email)
      await person.visit('/api/integrations/todoist/connect')
      const { body } = await person.send('POST', '/api/recommend')
      const tip = String(Object(body.tip).id)
      await person.send('POST', `/api/tips/${tip}/shown`, {})
      const done = await person.send('POST', '/api/feedback', { tipId: tip, reaction: 'helpful' })
      assert.equal(done.status, 200, JSON.stringify(done.body))
      await person.send('POST', '/api/recommend')
      // People who arrive in one millisecond are in no order.
      const everyone = await query(instance.database, 'SELECT id FROM auth.people')
      const id = everyone.map(row => String(row.id)).find(known => !people.has(known)) ?? ''
      people.add(id)
      return { person, id }
    },
    async close() {
      await instance.stop()
      for (const { drop } of targets) await drop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export async function query(
  database: Pick<TestDatabase, 'superUrl'>,
  sql: string,
): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(database.superUrl)
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}

async function run(words: string[], env: Source): Promise<Said> {
  const said: Said = { code: 0, lines: '', sentence: '' }
  const say = (line: string) => {
    said.lines += `${line}\n`
  }
  try {
    said.code = await runVerb(words, { env, say })
  } catch (error) {
    said.sentence = sentenceOf(error)
    said.code = error instanceof WrongUse ? 2 : 1
  }
  return said
}
