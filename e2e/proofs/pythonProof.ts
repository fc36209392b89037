// A part of a proof that is written in Python: a child with everything it starts, which prints one line of JSON.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { python } from '../bench/peers/start.ts'
import { root } from '../bench/processes.ts'
import type { ProofHouse } from './proof.ts'

const mostComplaints = 1_500

/** What it printed, parsed; the caller says what it must look like. Lines of stderr that begin with … are told on. */
export async function runPythonProof(
  house: ProofHouse,
  script: string,
  asked: object,
): Promise<Record<string, unknown>> {
  const args = [join(import.meta.dirname, script), JSON.stringify(asked)]
  const env = { PATH: process.env.PATH, PYTHONPATH: root, OPENBLAS_NUM_THREADS: '1' }
  const child = spawn(python(), args, { cwd: root, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const exited = new Promise<number | null>(resolve => child.once('close', resolve))
  house.keep(() => endGroup(child.pid))
  const complaints = complaintsOf(child.stderr, house)
  const printed = await text(child.stdout)
  const code = await exited
  if (code !== 0) throw new Error(`${script} ended with ${code}: ${await complaints}`)
  const line: unknown = JSON.parse(printed)
  if (typeof line !== 'object' || line === null) throw new Error(`${script} printed no object`)
  return { ...line }
}

/** The last of it, without what it told on the way. */
async function complaintsOf(stderr: Readable, { say }: ProofHouse): Promise<string> {
  let kept = ''
  for await (const line of createInterface({ input: stderr }))
    if (line.startsWith('… ')) say(line.slice(2))
    else kept = `${kept}${line}\n`.slice(-mostComplaints)
  return kept
}

/** The servers it started are in its group. */
function endGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

export function numberOf(told: Record<string, unknown>, name: string): number {
  const value = told[name]
  if (typeof value !== 'number') throw new Error(`the proof did not say ${name}`)
  return value
}

export function listOf(told: Record<string, unknown>, name: string): string[] {
  const value = told[name]
  if (!Array.isArray(value)) throw new Error(`the proof did not say ${name}`)
  return value.map(String)
}
