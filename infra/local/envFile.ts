import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { parseEnv } from 'node:util'
import { errorCode, Refusal } from './refusal.ts'

/** What the file sets; nothing when there is none. */
export function readStored(file: string): Record<string, string | undefined> {
  return parseEnv(readText(file))
}

export function readText(file: string): string {
  if (!existsSync(file)) return ''
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new Refusal(
      `${file} cannot be read (${errorCode(error)}): make it a file that the user who starts oO may read.`,
    )
  }
}

/** The whole new text or the old one, whatever happens, on the disk and readable by its owner only. */
export function replaceText(file: string, text: string): void {
  const draft = `${file}.${process.pid}.new`
  try {
    writeFileSync(draft, text, { mode: 0o600, flush: true })
    renameSync(draft, file)
    syncFolder(dirname(file))
  } catch (error) {
    rmSync(draft, { force: true })
    throw new Refusal(`${file} cannot be written (${errorCode(error)}): make room and set its rights.`)
  }
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** The text with some settings put in place of their old lines, or at its end. */
export function withSettings(text: string, values: Readonly<Record<string, string>>): string {
  const kept = text.split('\n').filter(line => !Object.keys(values).some(name => setsName(line, name)))
  while (kept.at(-1) === '') kept.pop()
  return `${[...kept, ...Object.entries(values).map(([name, value]) => `${name}=${value}`)].join('\n')}\n`
}

const setsName = (line: string, name: string): boolean =>
  new RegExp(`^\\s*(?:export\\s+)?${name}\\s*=`).test(line)
