// What an error says about the database: is it away, is it full, or was the question wrong?
import pg from 'pg'
import { OutboundError } from './outbound.ts'
import { type ProblemShape, problems } from './problem.ts'

/** Lost, refused or starting connections, and the loser of a deadlock: the same request may succeed in a moment. */
const passing = new Set(['57P01', '57P02', '57P03', '08000', '08001', '08003', '08006', '53300', '40P01'])

/** Nobody listens, the way there is cut, or its name is not known just now. */
const unreachable = new Set([
  'ECONNREFUSED',
  'ENOENT',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
])

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  const code = 'code' in error ? String(error.code) : ''
  return code || codeOf(error.cause)
}

/** Whether an error says that the database is away rather than that the query is wrong. */
export function isDatabaseAway(error: unknown): boolean {
  if (isProviders(error)) return false
  const code = codeOf(error)
  if (passing.has(code) || unreachable.has(code)) return true
  const text =
    error instanceof Error
      ? `${error.message} ${error.cause instanceof Error ? error.cause.message : ''}`
      : ''
  return /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/i.test(
    text,
  )
}

/** A provider that refuses a connection says nothing about the database. */
const isProviders = (error: unknown): boolean =>
  error instanceof Error && (error instanceof OutboundError || isProviders(error.cause))

export const isUniqueViolation = (error: unknown): boolean => codeOf(error) === '23505'

/** The loser of a deadlock, and one who waited too long for a lock: alone, the same may succeed. */
export const isContention = (error: unknown): boolean => ['40P01', '55P03'].includes(codeOf(error))

/** Disk full, out of memory, a limit of its settings reached, a disk that fails. */
const overfull = new Set(['53100', '53200', '53400', '58030', 'ENOSPC', 'EDQUOT'])

/** What the outside is told of a database in trouble; undefined when the question was wrong. */
export function databaseTrouble(error: unknown): ProblemShape | undefined {
  if (isProviders(error)) return undefined
  if (overfull.has(codeOf(error))) return problems.full
  return isDatabaseAway(error) ? problems.away : undefined
}

/** Whether the database itself refused: a query or its rights are wrong, or the server is in trouble. */
export const isDatabaseError = (error: unknown): boolean =>
  error instanceof pg.DatabaseError || (error instanceof Error && isDatabaseError(error.cause))
