import { mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { BackupRefused, type Keyring } from '@oo/kernel'
import type { Client } from 'pg'
import { backupDirOf, EnvError, keysOf, ledgerIn, readEnv, type Source, secretsFileOf } from '../env.ts'
import { backup } from './backup.ts'
import {
  checkChannels,
  checkKeys,
  checkParts,
  checkSchema,
  checkServer,
  type Finding,
} from './checkDatabase.ts'
import { composed } from './composed.ts'
import { type Ledger, ledgerAt } from './ledger.ts'
import { erasePerson, exportPerson } from './person.ts'
import { policyLines, promotePolicy } from './policies.ts'
import { Refused, WrongUse } from './refused.ts'
import { restore } from './restore.ts'
import { rewrapKeys } from './rewrapKeys.ts'
import { onClient } from './schema.ts'

/** What a verb is given besides its words. */
export interface Desk {
  env: Source
  say: (line: string) => void
  /** For the process that runs this one. */
  tell?: (message: object) => void
}

const verbs = {
  backup: (desk, [file = '']) => writeOne(desk, file),
  restore: (desk, [file = '', flag]) => restoreOne(desk, file, flag !== undefined),
  'keys rewrap': desk => rewrap(desk),
  'person export': (desk, [id = '', file = '']) => exportOne(desk, id, file),
  'person erase': (desk, [id = '']) => eraseOne(desk, id),
  'policy list': desk => listPolicies(desk),
  'policy promote': (desk, [name = '', , reason]) => promoteOne(desk, name, reason),
  'policy rollback': (desk, [name = '', , reason]) => rollBackOne(desk, name, reason),
  doctor: desk => doctor(desk),
} satisfies Record<string, (desk: Desk, rest: string[]) => Promise<number>>

/** How each verb is said; the words after it, one a line. */
const forms: Readonly<Record<keyof typeof verbs, { use: string; rest: RegExp }>> = {
  backup: { use: 'backup FILE', rest: /^\S.*$/ },
  restore: { use: 'restore FILE [--without-ledger]', rest: /^\S[^\n]*(\n--without-ledger)?$/ },
  'keys rewrap': { use: 'keys rewrap', rest: /^$/ },
  'person export': { use: 'person export ID FILE', rest: /^\S[^\n]*\n\S[^\n]*$/ },
  'person erase': { use: 'person erase ID', rest: /^\S[^\n]*$/ },
  'policy list': { use: 'policy list', rest: /^$/ },
  'policy promote': {
    use: 'policy promote NAME [--override "REASON"]',
    rest: /^\S+(\n--override\n\S[^\n]*)?$/,
  },
  'policy rollback': {
    use: 'policy rollback NAME [--reason "REASON"]',
    rest: /^\S+(\n--reason\n\S[^\n]*)?$/,
  },
  doctor: { use: 'doctor', rest: /^$/ },
}

/** Answers the exit code; what cannot be done is thrown as a sentence. */
export function runVerb(words: string[], desk: Desk): Promise<number> {
  for (const [name, form] of Object.entries(forms)) {
    const length = name.split(' ').length
    if (words.slice(0, length).join(' ') !== name) continue
    const rest = words.slice(length)
    if (!form.rest.test(rest.join('\n'))) throw new WrongUse(`Use: oo ${form.use}`)
    for (const [of, verb] of Object.entries(verbs)) if (of === name) return verb(desk, rest)
  }
  throw new WrongUse(
    `oo knows: ${Object.values(forms)
      .map(({ use }) => use)
      .join(' · ')}`,
  )
}

function ownerUrl({ env }: Desk): string {
  const url = env.OO_OWNER_DATABASE_URL || env.DATABASE_URL
  if (url) return url
  throw new EnvError('OO_OWNER_DATABASE_URL is missing: name the database as its owner, the role oo_owner.')
}

/** Whatever keys there are; which of them are needed, the backup says. */
const keyringOf = ({ env }: Desk): Keyring => ({ active: env.OO_KEK_ACTIVE ?? '', keys: keysOf(env) })

async function writeOne(desk: Desk, file: string): Promise<number> {
  const ours = backupDirOf(desk.env)
  if (resolve(dirname(file)) === resolve(ours)) mkdirSync(ours, { recursive: true, mode: 0o700 })
  const ledger: Ledger = ledgerAt(ledgerIn(ours), file)
  const notes = { erased: await ledger.count() }
  const made = await backup(file, {
    ownerUrl: ownerUrl(desk),
    keyring: keyringOf(desk),
    secret: desk.env.OO_SECRET,
    notes,
    say: desk.say,
  })
  const rows = Object.values(made.foot.tables).reduce((sum, table) => sum + table.rows, 0)
  desk.say(`✓ ${file}: ${rows} rows of ${made.head.tables.length} tables, ${Math.ceil(made.bytes / 1000)} kB`)
  const secrets = secretsFileOf(desk.env)
  desk.say('  Not in it, so keep them apart from it and from each other:')
  for (const { id } of made.head.keys)
    desk.say(`  - OO_KEK_${id} of ${secrets}: without this key what it sealed stays sealed`)
  desk.say(`  - OO_SECRET of ${secrets}: people are found by their e-mail with it`)
  desk.say(`  - ${ledger.file}, always the newest: who was erased since stays erased`)
  return 0
}

async function restoreOne(desk: Desk, file: string, withoutLedger: boolean): Promise<number> {
  const ledger = ledgerAt(ledgerIn(backupDirOf(desk.env)), file)
  await restore(file, {
    ownerUrl: ownerUrl(desk),
    keyring: keyringOf(desk),
    secret: desk.env.OO_SECRET,
    secretsFile: secretsFileOf(desk.env),
    say: desk.say,
    async checkBefore({ notes }) {
      if (!withoutLedger) await ledger.mustKnow(notes.erased ?? 0)
      readEnv(desk.env)
    },
    async eraseAgain() {
      const erased = await ledger.adopt()
      if (erased.size === 0) return 0
      return composed(readEnv(desk.env), api => api.doors.auth.eraseAgain(erased))
    },
  })
  desk.say('✓ restored; npm start goes on from here')
  return 0
}

async function rewrap({ env: source, say, tell }: Desk): Promise<number> {
  const env = readEnv(source)
  await onClient(env.databaseUrl, refuseRunningApi)
  const done = await composed(env, ({ db, modules }) => rewrapKeys(db, modules, env.keyring, say))
  tell?.(done)
  if (done.rewrapped > 0) say(`✓ ${done.rewrapped} keys now lie under OO_KEK_${env.keyring.active}`)
  if (done.stuck > 0) say(`! ${done.stuck} keys open with no key at hand and stay as they are`)
  return 0
}

/** A running api seals new data with the key it was started with. One that just stopped is gone in a moment. */
async function refuseRunningApi(client: Client): Promise<void> {
  const until = performance.now() + 2_000
  for (;;) {
    const { rows } = await client.query(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'api'`,
    )
    if (rows.length === 0) return
    if (performance.now() > until)
      throw new Refused(
        `An api uses this database with the keys it was started with (${rows.length} connections): stop it, then rotate.`,
      )
    await setTimeout(50)
  }
}

async function exportOne({ env, say }: Desk, id: string, file: string): Promise<number> {
  await composed(readEnv(env), api => exportPerson(api, id, file))
  say(`✓ ${file} holds everything about ${id}; whoever has the file has it too`)
  return 0
}

async function eraseOne({ env, say }: Desk, id: string): Promise<number> {
  const receipt = await composed(readEnv(env), api => erasePerson(api, id, say))
  say(`✓ ${id} is erased; the receipt's number is ${receipt}`)
  return 0
}

async function listPolicies({ env, say }: Desk): Promise<number> {
  const listed = await composed(readEnv(env), ({ doors }) => doors.recommender.policies())
  for (const line of policyLines(listed)) say(line)
  return 0
}

async function promoteOne({ env, say }: Desk, policy: string, override?: string): Promise<number> {
  const given = { policy, ...(override !== undefined && { override }) }
  const { from, to, reasons } = await composed(readEnv(env), api => promotePolicy(api, given))
  for (const reason of reasons) say(`  ${reason}`)
  say(`✓ ${policy}: ${from} → ${to}${override === undefined ? '' : ', by your reason, which is kept'}`)
  return 0
}

async function rollBackOne({ env, say }: Desk, policy: string, reason?: string): Promise<number> {
  const wanted = { policy, by: 'operator' as const, ...(reason !== undefined && { reason }) }
  const { from } = await composed(readEnv(env), ({ doors }) => doors.recommender.rollBack(wanted))
  say(`✓ ${policy}: ${from} → rolled_back; it decides for nobody any more`)
  return 0
}

async function doctor(desk: Desk): Promise<number> {
  let sound = true
  const print = (findings: Finding[]) => {
    for (const { good, text } of findings) desk.say(`${good ? '✓' : '✗'} ${text}`)
    sound &&= findings.every(({ good }) => good)
  }
  const env = readEnv(desk.env)
  print(checkChannels(env))
  const usable = await onClient(ownerUrl(desk), async client => {
    print(await checkServer(client, desk.env.OO_ACCEPT_UNSYNCED_DATABASE === '1'))
    const schema = await checkSchema(client)
    print([schema])
    if (schema.good) print(await checkKeys(client, env, secretsFileOf(desk.env)))
    return schema.good
  }).catch(error => {
    if (error instanceof BackupRefused) throw error
    throw new Refused(
      `✗ The database cannot be looked into: ${error instanceof Error ? error.message : error}`,
    )
  })
  if (usable) print(await composed(env, checkParts))
  return sound ? 0 : 1
}
