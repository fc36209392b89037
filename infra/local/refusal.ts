/** One sentence for the person at the terminal that says what to do; ends the command with exit code 1. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
}

/** Wrong flags: exit code 2. */
export class WrongUse extends Error {
  override readonly name = 'WrongUse'
}

/** The code of a Node system error (`ENOENT`, `EADDRINUSE`), or an empty string. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** The exit code for what stopped a command, after its sentence went to stderr. */
export function reportFailure(error: unknown): number {
  const expected = error instanceof Refusal || error instanceof WrongUse
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  process.stderr.write(expected ? `${errorText(error)}\n` : `Unexpected failure: ${stack}\n`)
  return error instanceof WrongUse ? 2 : 1
}
