import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Every byte that a server keeps of its streams; a file that it removes meanwhile is not kept. */
export function storedIn(storeDir: string): Buffer {
  const files = readdirSync(storeDir, { recursive: true, withFileTypes: true }).filter(file => file.isFile())
  return Buffer.concat(files.map(file => bytesOf(join(file.parentPath, file.name))))
}

function bytesOf(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return Buffer.alloc(0)
    throw error
  }
}
