// An operator's verbs on one database and its secrets. `npm run oo` finds both on this machine and then runs this;
// in a container it is run by itself, with the api's environment and OO_OWNER_DATABASE_URL.
import { dirname, join } from 'node:path'
import { mergeErasureLedgers, readErasureLedger } from '@oo/auth'
import { BackupRefused, type Keyring, Problem } from '@oo/kernel'
import type { Client } from 'pg'
import { ledgerIn } from './compose.ts'
import { backupDirOf, EnvError, keysOf, readEnv } from './env.ts'
import { backup } from './operate/backup.ts'
import { checkKeys, checkParts, checkSchema, checkServer, type Finding } from './operate/checkDatabase.ts'
import { composed } from './operate/composed.ts'
import { erasePerson, exportPerson } from './operate/person.ts'
import { Refused, WrongUse } from './operate/refused.ts'
import { restore } from './operate/restore.ts'
import { rewrapKeys } from './operate/rewrapKeys.ts'
import { onClient } from './operate/schema.ts'

const say = (line: string): void => void process.stdout.write(`${line}\n`)
const use =
  'oo knows: backup FILE · restore FILE [--without-ledger] · keys rewrap · person export ID FILE · person erase ID · doctor'
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

async function main(words: string[]): Promise<number> {
  const [first = '', second = '', third = '', fourth] = words
  const wanted = { 'person export': 4, 'person erase': 3, 'keys rewrap': 2, backup: 2, restore: 2, doctor: 1 }
  const verb = Object.keys(wanted).find(name => `${first} ${second} `.startsWith(`${name} `))
  const flags = words.filter(word => word.startsWith('--'))
  const count = Object.entries(wanted).find(([name]) => name === verb)?.[1]
  const known = flags.every(flag => flag === '--without-ledger' && verb === 'restore')
  if (!verb || !known || words.length - flags.length !== count) throw new WrongUse(use)
  if (verb.startsWith('person') && !uuid.test(third))
    throw new WrongUse(`"${third}" is not a person's id. ${use}`)
  switch (verb) {
    case 'backup':
      return writeOne(second)
    case 'restore':
      return restoreOne(
        words.find(word => word !== 'restore' && !word.startsWith('--')) ?? '',
        flags.length > 0,
      )
    case 'keys rewrap':
      return rewrap()
    case 'person export':
      await composed(readEnv(process.env), api => exportPerson(api, third, fourth ?? ''))
      say(`✓ ${fourth} holds everything about ${third}; whoever has the file has it too`)
      return 0
    case 'person erase': {
      const receipt = await composed(readEnv(process.env), api => erasePerson(api, third, say))
      say(`✓ ${third} is erased; the receipt's number is ${receipt}`)
      return 0
    }
    default:
      return doctor()
  }
}

function ownerUrl(): string {
  const url = process.env.OO_OWNER_DATABASE_URL || process.env.DATABASE_URL
  if (!url)
    throw new EnvError('OO_OWNER_DATABASE_URL is missing: name the database as its owner, the role oo_owner.')
  return url
}

/** Whatever keys there are; which of them are needed, the backup says. */
const keyring = (): Keyring => ({ active: process.env.OO_KEK_ACTIVE ?? '', keys: keysOf(process.env) })

async function writeOne(file: string): Promise<number> {
  const ledger = ledgerIn(backupDirOf(process.env))
  const erased = (await readErasureLedger(ledger))?.size ?? 0
  const { head, foot, bytes } = await backup(file, {
    ownerUrl: ownerUrl(),
    keyring: keyring(),
    notes: { erased },
    say,
  })
  const rows = Object.values(foot.tables).reduce((sum, table) => sum + table.rows, 0)
  say(`✓ ${file}: ${rows} rows of ${head.tables.length} tables, ${Math.ceil(bytes / 1000)} kB`)
  say('  Not in it, so keep them apart from it and from each other:')
  for (const { id } of head.keys)
    say(`  - OO_KEK_${id} of .env.local: without this key what it sealed stays sealed`)
  say('  - OO_SECRET of .env.local: people are found by their e-mail with it')
  say(`  - ${ledger}, always the newest: who was erased since stays erased`)
  return 0
}

async function restoreOne(file: string, withoutLedger: boolean): Promise<number> {
  const ours = ledgerIn(backupDirOf(process.env))
  const beside = join(dirname(file), 'erased-people.jsonl')
  await restore(file, {
    ownerUrl: ownerUrl(),
    keyring: keyring(),
    say,
    async checkBefore({ notes }) {
      const found = new Set([
        ...((await readErasureLedger(ours)) ?? []),
        ...((await readErasureLedger(beside)) ?? []),
      ])
      if (!withoutLedger && found.size < (notes.erased ?? 0))
        throw new Refused(
          `The ledger of deletions at hand knows ${found.size} people, the one beside the backup knew ${notes.erased}: bring the newest erased-people.jsonl, beside ${file} or as ${ours}.`,
        )
      const none = (await readErasureLedger(ours)) === null && (await readErasureLedger(beside)) === null
      if (!withoutLedger && none)
        throw new Refused(
          `There is no ledger of deletions beside ${file}, nor ${ours}: people erased since the backup would come back. Bring it, or add --without-ledger if nobody was.`,
        )
      readEnv(process.env)
    },
    async eraseAgain() {
      const ledger = await mergeErasureLedgers(beside, ours)
      return composed(readEnv(process.env), api => api.doors.auth.eraseAgain(ledger))
    },
  })
  say('✓ restored; npm start goes on from here')
  return 0
}

async function rewrap(): Promise<number> {
  const env = readEnv(process.env)
  await onClient(env.databaseUrl, refuseRunningApi)
  const { rewrapped, stuck } = await composed(env, ({ db, modules }) =>
    rewrapKeys(db, modules, env.keyring, say),
  )
  process.send?.({ rewrapped, stuck })
  say(`✓ ${rewrapped} keys now lie under OO_KEK_${env.keyring.active}`)
  if (stuck > 0) say(`! ${stuck} keys open with no key at hand and stay as they are`)
  return 0
}

/** A running api seals new data with the key it was started with. */
async function refuseRunningApi(client: Client): Promise<void> {
  const { rows } = await client.query(
    `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'api'`,
  )
  if (rows.length > 0)
    throw new Refused(
      `An api uses this database with the keys it was started with (${rows.length} connections): stop it, then rotate.`,
    )
}

async function doctor(): Promise<number> {
  const findings: Finding[] = []
  const env = readEnv(process.env)
  const schema = await onClient(ownerUrl(), async client => {
    findings.push(...(await checkServer(client)))
    const found = await checkSchema(client)
    findings.push(found)
    if (found.good) findings.push(...(await checkKeys(client, env)))
    return found
  })
  if (schema.good) findings.push(...(await composed(env, checkParts)))
  for (const { good, text } of findings) say(`${good ? '✓' : '✗'} ${text}`)
  return findings.every(({ good }) => good) ? 0 : 1
}

function sentence(error: unknown): string {
  if (error instanceof Problem) return error.title
  const ours = [EnvError, BackupRefused, Refused, WrongUse].some(kind => error instanceof kind)
  const text = error instanceof Error ? error.message : String(error)
  return ours ? text : `It did not work: ${text || (error instanceof Error ? error.name : '')}`
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`${sentence(error)}\n`)
  process.exitCode = error instanceof WrongUse ? 2 : 1
}
process.exit()
