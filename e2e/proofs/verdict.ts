import type { ProofRow } from './proof.ts'

/** A row as it is told: with the seconds its proof took, and why the proof ended early, if it did. */
export interface ToldRow extends ProofRow {
  seconds: number
  failed?: string
}

export type Verdict = 'passed' | 'failed' | 'not run'

/** Passed: nothing lost, nothing doubled, all of it done, and the control noticed. */
export function verdictOf(row: ToldRow): Verdict {
  if (row.failed !== undefined) return 'failed'
  if (row.notRun !== undefined) return 'not run'
  const whole = row.done >= row.of && row.of > 0
  return whole && row.lost === 0 && row.doubled === 0 && row.control !== 'missed' ? 'passed' : 'failed'
}

export interface Sum {
  passed: number
  failed: number
  notRun: number
}

export function sumOf(rows: readonly ToldRow[]): Sum {
  const count = (wanted: Verdict) => rows.filter(row => verdictOf(row) === wanted).length
  return { passed: count('passed'), failed: count('failed'), notRun: count('not run') }
}
