import { BackupRefused, Problem } from '@oo/kernel'
import { EnvError } from '../env.ts'

/** One sentence for the operator that says what to do; the command ends with code 1. */
export class Refused extends Error {}

/** Wrong words: code 2. */
export class WrongUse extends Error {}

/** What went wrong, for the operator; ours are sentences already. */
export function sentenceOf(error: unknown): string {
  if (error instanceof Problem) return error.title
  const ours = [EnvError, BackupRefused, Refused, WrongUse].some(kind => error instanceof kind)
  const text = error instanceof Error ? error.message || error.name : String(error)
  return ours ? text : `It did not work: ${text}`
}
