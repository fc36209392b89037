import { type Dirent, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Every byte that a server keeps of its streams; what it removes meanwhile is not kept. */
export function storedIn(folder: string): Buffer {
  const entries: Dirent[] = unlessGone(() => readdirSync(folder, { withFileTypes: true })) ?? []
  return Buffer.concat(
    entries.map(entry => {
      const path = join(folder, entry.name)
      return entry.isDirectory() ? storedIn(path) : (unlessGone(() => readFileSync(path)) ?? Buffer.alloc(0))
    }),
  )
}

function unlessGone<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
