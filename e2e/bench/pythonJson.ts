import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Bench } from './bench.ts'
import { root } from './processes.ts'

/** What a Python program of the repository prints as JSON; it must be there and end in time. */
export async function printedBy(
  { signal }: Bench,
  python: string,
  args: string[],
  withinMs: number,
): Promise<unknown> {
  const env = { PATH: process.env.PATH, PYTHONPATH: root, OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1' }
  const options = { cwd: root, env, signal, timeout: withinMs, maxBuffer: 16 * 1024 * 1024 }
  const { stdout } = await promisify(execFile)(python, args, options)
  return JSON.parse(stdout)
}

export function at(printed: unknown, ...path: string[]): unknown {
  let here = printed
  for (const key of path)
    here = typeof here === 'object' && here !== null ? Reflect.get(here, key) : undefined
  return here
}

export function numberAt(printed: unknown, ...path: string[]): number {
  const found = at(printed, ...path)
  if (typeof found !== 'number') throw new Error(`A bench program printed no number at ${path.join('.')}.`)
  return found
}

export function numbersAt(printed: unknown, ...path: string[]): number[] {
  const found = at(printed, ...path)
  if (!Array.isArray(found) || !found.every(one => typeof one === 'number'))
    throw new Error(`A bench program printed no numbers at ${path.join('.')}.`)
  return found
}
