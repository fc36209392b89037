// Who was erased, outside the database and beside its backups: a restore reads it and erases them again. It holds
// hashes of ids that were random, so it names nobody; a line once written stays.
import { hash } from 'node:crypto'
import { type FileHandle, mkdir, open, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Problem } from '@oo/kernel'

export interface ErasureLedger {
  /** Throws when nothing could be written now, so that a deletion is not begun that could not be confirmed. */
  check(): Promise<void>
  /** On the disk when it resolves; who is in it already is not written down again. */
  record(personId: string, at: Date): Promise<void>
  /** What another ledger already holds, as hashes. */
  add(hashes: string[], at: Date): Promise<void>
}

export const erasedHash = (personId: string): string => hash('sha256', `oo-erased:${personId}`)

export function openErasureLedger(file: string): ErasureLedger {
  const append = async (use: (handle: FileHandle) => Promise<void>) => {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    const handle = await open(file, 'a+', 0o600)
    try {
      const fresh = (await handle.stat()).size === 0
      await use(handle)
      await handle.sync()
      if (fresh) await syncFolder(dirname(file))
    } finally {
      await handle.close()
    }
  }
  const add = (hashes: string[], at: Date) =>
    append(async handle => {
      const lines = hashes.map(person => `${JSON.stringify({ person, at: at.toISOString() })}\n`)
      // A line that a power cut tore must not swallow the next one.
      await handle.appendFile(`${(await endsWithLine(handle)) ? '' : '\n'}${lines.join('')}`)
    })
  return {
    check: () => append(async () => {}),
    async record(personId, at) {
      const person = erasedHash(personId)
      // Two who write at one moment may both write it, which does no harm.
      if (!(await holds(file, person))) await add([person], at)
      else await append(async () => {})
    },
    add,
  }
}

async function holds(file: string, person: string): Promise<boolean> {
  const text = await readFile(file, 'utf8').catch(() => '')
  return text.split('\n').some(line => whole.exec(line)?.[1] === person)
}

const whole = /^\{"person":"([0-9a-f]{64})","at":"[^"]+"\}$/
const example = `{"person":"${'0'.repeat(64)}","at":"1970-01-01T00:00:00.000Z"}`

/** The beginning of a line and nothing else; a file system may have filled up what it had no time to write. */
function isTorn(line: string): boolean {
  const written = line.replace(/\0+$/, '')
  return whole.test(written + example.slice(written.length))
}

/**
 * The hashes in a ledger; null when there is no such file. A torn line was never confirmed and is passed over; any
 * other that cannot be read stops whoever reads, because without it somebody erased could come back.
 */
export async function readErasureLedger(file: string): Promise<Set<string> | null> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  })
  if (text === null) return null
  const erased = new Set<string>()
  for (const [at, line] of text.split('\n').entries()) {
    const [, id] = whole.exec(line) ?? []
    if (id) erased.add(id)
    else if (!isTorn(line)) throw new Problem(damaged(file, at + 1))
  }
  return erased
}

const damaged = (file: string, line: number) => ({
  status: 500,
  code: 'ledger_damaged',
  title: `${file} cannot be read at line ${line}: put it back from a copy. Without it a restore could bring back people who were erased.`,
})

/** Adds to one ledger what another one knows besides; a ledger that does not exist adds nothing. */
export async function mergeErasureLedgers(from: string, into: string): Promise<Set<string>> {
  const [theirs, ours] = [await readErasureLedger(from), await readErasureLedger(into)]
  const missing = [...(theirs ?? [])].filter(id => !ours?.has(id))
  if (missing.length > 0 && from !== into) await openErasureLedger(into).add(missing, new Date())
  return new Set([...(ours ?? []), ...missing])
}

async function endsWithLine(handle: FileHandle): Promise<boolean> {
  const { size } = await handle.stat()
  if (size === 0) return true
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1)
  return buffer[0] === 10
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
