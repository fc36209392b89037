import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import {
  type BackupFoot,
  type BackupHead,
  BackupRefused,
  endOfRows,
  parsed,
  RowSum,
  readHead,
  type Sum,
} from './format.ts'

export interface BackupReader {
  head: BackupHead
  /** The next table and its rows, which must be read to their end before the next one; null after the last. */
  nextTable(): Promise<{ name: string; rows: AsyncIterable<Buffer>; sum(): Sum } | null>
  /** After the last table; refuses when anything in the file is not what was written. */
  foot(): Promise<BackupFoot>
  close(): void
}

const newLine = 10

export async function openBackup(file: string): Promise<BackupReader> {
  const lines = new Lines(file)
  const head = readHead(await lines.next())
  if (!head) throw new BackupRefused(`${file} is not a backup that this version of oO can read.`)
  const sums: Record<string, Sum> = {}
  let at = 0
  return {
    head,
    async nextTable() {
      const expected = head.tables[at++]
      if (!expected) return null
      const { name } = expected
      if (parsed<{ table: string }>(await lines.next())?.table !== name) throw damaged(file)
      const sum = new RowSum()
      return {
        name,
        rows: lines.rows(sum),
        sum: () => {
          sums[name] = sum.value()
          return sum.value()
        },
      }
    },
    async foot() {
      const foot = parsed<BackupFoot>(await lines.next())
      const written = lines.digest()
      const last = parsed<{ sha256: string }>(await lines.next())
      const whole = last?.sha256 === written && JSON.stringify(foot?.tables) === JSON.stringify(sums)
      if (!foot || !whole || !(await lines.ended())) throw damaged(file)
      return foot
    },
    close: () => lines.close(),
  }
}

/** Reads a backup from end to end and compares it with what it says of itself; nothing else is touched. */
export async function verifyBackup(file: string): Promise<{ head: BackupHead; foot: BackupFoot }> {
  const reader = await openBackup(file)
  try {
    for (let table = await reader.nextTable(); table; table = await reader.nextTable()) {
      for await (const _ of table.rows) {
        // Reading is all: the sum is made on the way.
      }
      table.sum()
    }
    return { head: reader.head, foot: await reader.foot() }
  } finally {
    reader.close()
  }
}

const damaged = (file: string): BackupRefused =>
  new BackupRefused(`${file} is damaged or was cut short: use another backup.`)

/** Lines of a compressed file, hashed as they are read. */
class Lines {
  readonly #file: string
  readonly #source: ReturnType<typeof createReadStream>
  readonly #chunks: AsyncIterator<Buffer>
  readonly #all = createHash('sha256')
  #rest: Buffer = Buffer.alloc(0)

  constructor(file: string) {
    this.#file = file
    this.#source = createReadStream(file)
    const plain = createGunzip()
    this.#source.on('error', error => plain.destroy(error))
    this.#chunks = this.#source.pipe(plain)[Symbol.asyncIterator]()
  }

  async next(): Promise<Buffer> {
    let end = this.#rest.indexOf(newLine)
    while (end < 0) {
      await this.#more()
      end = this.#rest.indexOf(newLine)
    }
    return this.#take(end + 1)
  }

  /** Whole rows, many at a time, up to the line that ends a table. */
  async *rows(sum: RowSum): AsyncGenerator<Buffer> {
    for (;;) {
      let start = 0
      for (let end = this.#rest.indexOf(newLine); end >= 0; end = this.#rest.indexOf(newLine, start)) {
        const row = this.#rest.subarray(start, end + 1)
        if (row.equals(endOfRows)) {
          if (start > 0) yield this.#take(start)
          this.#take(endOfRows.length)
          return
        }
        sum.add(row)
        start = end + 1
      }
      if (start > 0) yield this.#take(start)
      await this.#more()
    }
  }

  /** The hash of everything taken so far. */
  digest(): string {
    return this.#all.copy().digest('hex')
  }

  /** Whether nothing follows; reading on also checks the end of the compression. */
  async ended(): Promise<boolean> {
    if (this.#rest.length > 0) return false
    try {
      return (await this.#chunks.next()).done === true
    } catch (error) {
      throw readProblem(this.#file, error)
    }
  }

  close(): void {
    this.#source.destroy()
  }

  #take(length: number): Buffer {
    const taken = this.#rest.subarray(0, length)
    this.#all.update(taken)
    this.#rest = this.#rest.subarray(length)
    return taken
  }

  async #more(): Promise<void> {
    let next: IteratorResult<Buffer>
    try {
      next = await this.#chunks.next()
    } catch (error) {
      throw readProblem(this.#file, error)
    }
    if (next.done) throw damaged(this.#file)
    this.#rest = this.#rest.length === 0 ? next.value : Buffer.concat([this.#rest, next.value])
  }
}

function readProblem(file: string, error: unknown): BackupRefused {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ENOENT') return new BackupRefused(`${file} does not exist: name a backup.`)
  if (code.startsWith('Z_')) return damaged(file)
  return new BackupRefused(`${file} cannot be read (${code || error}): check its rights and its disk.`)
}
