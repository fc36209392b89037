// Registries that lack some platform builds leave holes in package-lock.json, and `npm ci` refuses a lock with holes.
// `node infra/local/completeLock.ts` fills them; `npm run check` says when that is needed.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './root.ts'

type Entry = { version?: string; link?: boolean; optionalDependencies?: Record<string, string> }
type Platform = { os?: string[]; cpu?: string[]; libc?: string[] }
type Hole = { path: string; version: string } & Platform

const systems = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
]
const processors = [
  'arm64',
  'arm',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'x64',
  'wasm32',
]

/** Optional packages that the lock's packages name and that the lock does not hold. */
export function lockHoles(lock: { packages: Record<string, Entry> }): Hole[] {
  const holes = new Map<string, Hole>()
  for (const [path, entry] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (isInReach(lock.packages, path, name)) continue
      const hole = `node_modules/${name}`
      holes.set(hole, { path: hole, version: version.replace(/^[\^~=]/, ''), ...platformOf(name) })
    }
  }
  return [...holes.values()]
}

/** The same packages with the holes filled, in npm's own order of paths. */
export function completed(packages: Record<string, Entry>, holes: Hole[]): Record<string, unknown> {
  const filled: Record<string, unknown> = { ...packages }
  for (const { path, ...entry } of holes) filled[path] = { ...entry, optional: true }
  return Object.fromEntries(Object.entries(filled).toSorted(([a], [b]) => a.localeCompare(b, 'en')))
}

/** Node's rule: beside the package, or in any node_modules above it. */
function isInReach(packages: Record<string, Entry>, from: string, name: string): boolean {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
    if (packages[`${folder === '' ? '' : `${folder}/`}node_modules/${name}`]) return true
    if (folder === '') return false
  }
}

/** Builds say in their name what they run on; a build that says nothing runs nowhere we could check. */
function platformOf(name: string): Platform {
  const words = name.replace(/^@/, '').split(/[/\-_]/)
  const os = systems.filter(system => words.includes(system))
  const spelled = words.map(word => ({ armv7: 'arm', aarch64: 'arm64' })[word] ?? word)
  const cpu = processors.filter(processor => spelled.includes(processor))
  const libc = words.some(word => word.startsWith('musl')) ? ['musl'] : []
  return {
    ...(os.length > 0 ? { os } : {}),
    ...(cpu.length > 0 ? { cpu } : {}),
    ...(libc.length > 0 ? { libc } : {}),
  }
}

export function readLock(folder: string): { packages: Record<string, Entry> } {
  return JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'))
}

if (import.meta.main) {
  const lock = readLock(root)
  const holes = lockHoles(lock)
  const text = JSON.stringify({ ...lock, packages: completed(lock.packages, holes) }, null, 2)
  if (holes.length > 0) writeFileSync(join(root, 'package-lock.json'), `${text}\n`)
  console.log(`${holes.length} platform builds added to package-lock.json`)
}
