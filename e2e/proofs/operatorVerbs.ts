// The operator's verbs, run as an operator runs them, on databases of a server of their own.
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { startPostgres } from '@oo/local'
import pg from 'pg'
import type { ProofHouse } from './proof.ts'

const api = join(import.meta.dirname, '../../services/api')
const compiled = join(import.meta.dirname, '../../node_modules/.cache/compiled')
const withinMs = 120_000

export interface Database {
  url(role: 'oo_api' | 'oo_owner' | 'oo_ml'): string
  superUrl: string
}

export interface Made extends Database {
  named: string
  drop(): Promise<void>
}

export interface Said {
  code: number | null
  lines: string
  sentence: string
}

export interface Secrets {
  OO_SECRET: string
  ML_SHARED_SECRET: string
  OO_KEK_1: string
  OO_KEK_ACTIVE: string
}

export const makeSecrets = (): Secrets => ({
  OO_SECRET: randomBytes(32).toString('hex'),
  ML_SHARED_SECRET: randomBytes(32).toString('hex'),
  OO_KEK_1: randomBytes(32).toString('base64'),
  OO_KEK_ACTIVE: '1',
})

export const environment = (database: Pick<Database, 'url'>, more: object): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  NODE_COMPILE_CACHE: compiled,
  DATABASE_URL: database.url('oo_api'),
  OO_OWNER_DATABASE_URL: database.url('oo_owner'),
  ...more,
})

/** One of services/api's commands as a process that can be killed. */
export function begin(entry: 'oo.ts' | 'migrate.ts', words: string[], env: NodeJS.ProcessEnv) {
  const child: ChildProcess = spawn(process.execPath, [join(api, entry), ...words], {
    env,
    timeout: withinMs,
  })
  const said = { lines: '', sentence: '' }
  child.stdout?.setEncoding('utf8').on('data', text => {
    said.lines += text
  })
  child.stderr?.setEncoding('utf8').on('data', text => {
    said.sentence += text
  })
  const ended: Promise<Said> = once(child, 'close').then(([code]) => ({ code, ...said }))
  return { ended, lines: () => said.lines, kill: () => child.kill('SIGKILL') }
}

export async function must(
  entry: 'oo.ts' | 'migrate.ts',
  words: string[],
  env: NodeJS.ProcessEnv,
): Promise<Said> {
  const said = await begin(entry, words, env).ended
  if (said.code !== 0)
    throw new Error(`${words.join(' ') || entry} ended with ${said.code}: ${said.sentence}`)
  return said
}

/** A server beside the instance's, whose transactions are numbered from the start. */
export async function openServer(house: ProofHouse, name: string) {
  const dataDir = join(house.folder, name)
  mkdirSync(dataDir, { recursive: true, mode: 0o755 })
  const server = await startPostgres({ dataDir, throwaway: true })
  house.keep(() => server.stop())
  let count = 0
  return {
    server,
    /** Empty, or as `template` is, which nobody may be connected to then. */
    async make(template?: Made): Promise<Made> {
      const named = `proof_${++count}`
      const from = template ? `template ${template.named}` : ''
      await onServer(server.superUrl, client =>
        client.query(`create database ${named} ${from} owner oo_owner`),
      )
      return {
        named,
        url: role => server.url(role, named),
        superUrl: server.superUrl.replace('@/postgres?', `@/${named}?`),
        drop: async () =>
          void (await onServer(server.superUrl, client =>
            client.query(`drop database ${named} with (force)`),
          )),
      }
    },
  }
}

export async function onServer<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end().catch(() => {})
  }
}
