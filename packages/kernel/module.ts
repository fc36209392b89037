// What a module hands to the composition root. The root collects these and nothing else, so a module can be
// added, or moved to a process of its own, without another module knowing.

import type { PgTable } from 'drizzle-orm/pg-core'
import type { Clock } from './clock.ts'
import type { Pool, Tx } from './db.ts'
import type { JobDefinition, Jobs } from './jobs.ts'
import type { Log } from './log.ts'
import type { Random } from './random.ts'
import type { Keyring } from './seal.ts'

/** What every verb is given; modules extend it with the doors they use. */
export interface Ctx {
  db: Pool
  clock: Clock
  random: Random
  log: Log
  jobs: Jobs
}

export interface HealthPart {
  name: string
  /** Exercises the part; a returned sentence means degraded, a throw means down. */
  check(signal: AbortSignal): Promise<string | undefined>
}

export interface ExportFile {
  name: string
  /** What the rows are, for the person who opens the file. */
  about: string
  /** JSON Schema of one row. */
  schema: Record<string, unknown>
  rows: Record<string, unknown>[]
}

export interface Exporter {
  /** The tables this exporter speaks for, as schema.table. */
  tables: string[]
  collect(personId: string): Promise<ExportFile[]>
}

export interface Eraser {
  tables: string[]
  /** Works that reach outside (a revocation) must be made durable here, not awaited. Safe to run again. */
  erase(tx: Tx, personId: string): Promise<{ rows: number; note?: string }>
}

/** Data keys that master keys wrap, re-wrapped when the master key is changed. */
export interface KeyHolder {
  /** The tables with a column `kek_id`, as schema.table. */
  tables: string[]
  /** One batch under the active key, after the row `after`; what does not open stays as it is and is counted. */
  rewrap(tx: Tx, keyring: Keyring, batch: { after: string | null; limit: number }): Promise<Rewrapped>
}

export interface Rewrapped {
  rewrapped: number
  stuck: number
  /** The last row looked at; null when there is nothing left. */
  last: string | null
}

export interface Module<Handlers> {
  name: string
  handlers: Handlers
  /** Its tables as the code knows them; a test holds them against the database. */
  tables?: readonly PgTable[]
  jobs?: JobDefinition[]
  health?: HealthPart[]
  exporter?: Exporter
  eraser?: Eraser
  /** Clears what memory no longer needs; called every minute wherever the module was built. */
  tidy?(): void
  keys?: KeyHolder[]
  start?(): Promise<void>
  stop?(): Promise<void>
}
