// A backup is gzip over text: one line of JSON that says what it is; for each table a line with its name, its rows
// as COPY writes them and the line `\.`; a line with what each table must add up to; a line with the hash of all.
import { hash } from 'node:crypto'

export const formatName = 'oo-backup/1'

/** One sentence for the operator about a backup that cannot be made or used. */
export class BackupRefused extends Error {
  override readonly name = 'BackupRefused'
}

export interface BackupHead {
  format: string
  /** oO's version and PostgreSQL's, for the person who reads it. */
  version: string
  postgres: string
  at: string
  migrations: { name: string; hash: string }[]
  /** The version of the job queue's own tables. */
  jobs: number | null
  /** Each master key in use, with a short fingerprint of it where it was at hand. */
  keys: { id: string; fingerprint: string | null }[]
  /** The same of OO_SECRET, by which people are found. Older backups have none. */
  secret?: string | null
  /** Numbers that a restore compares with what it finds. */
  notes: Record<string, number>
  /** In the order in which they can be filled. */
  tables: { name: string; columns: string[] }[]
}

export interface Sum {
  rows: number
  hash: string
}

export interface BackupFoot {
  tables: Record<string, Sum>
  sequences: Record<string, { last: string; called: boolean }>
}

/** A sum over the hashes of a table's rows: the same for the same rows in whatever order they lie. */
export class RowSum {
  readonly #lanes = new Uint32Array(8)
  #rows = 0

  add(row: Buffer): void {
    const digest = hash('sha256', row, 'buffer')
    for (let lane = 0; lane < 8; lane++)
      this.#lanes[lane] = (this.#lanes[lane] ?? 0) + digest.readUInt32LE(lane * 4)
    this.#rows += 1
  }

  value(): Sum {
    return { rows: this.#rows, hash: Buffer.from(this.#lanes.buffer).toString('hex') }
  }
}

export const endOfRows = Buffer.from('\\.\n')
export const jsonLine = (value: object): Buffer => Buffer.from(`${JSON.stringify(value)}\n`)

/** Trusted once its format is known: nobody but `writeBackup` writes that name, and the hash guards the rest. */
export function readHead(line: Buffer): BackupHead | null {
  const head = parsed<BackupHead>(line)
  return head?.format === formatName && Array.isArray(head.tables) ? head : null
}

/** A line of JSON that `writeBackup` wrote; null when it is something else. */
export function parsed<T extends object>(line: Buffer): T | null {
  try {
    const value: unknown = JSON.parse(line.toString())
    return typeof value === 'object' && value !== null ? ours<T>(value) : null
  } catch {
    return null
  }
}

/** The one place where a read line gets its type; what it claims is checked against counts and hashes. */
const ours = <T extends object>(value: object): T => value as T
