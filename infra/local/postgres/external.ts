import { errorCode, errorText, Refusal } from '../refusal.ts'
import { assertDurable } from './roles.ts'

/** A database of the operator's own must answer, and must not lose what it acknowledged. */
export async function checkExternal(url: string): Promise<void> {
  try {
    await assertDurable(url)
  } catch (error) {
    if (error instanceof Refusal) throw error
    throw new Refusal(
      `The database of DATABASE_URL (${placeOf(url)}) cannot be used: ${reasonOf(error)}. Start it, or correct DATABASE_URL; without that setting oO makes a database of its own.`,
    )
  }
}

/** Host and database, never the password. */
function placeOf(url: string): string {
  const parsed = URL.parse(url)
  if (!parsed) return 'which is no address'
  return `${parsed.host || parsed.searchParams.get('host') || 'this machine'}${parsed.pathname}`
}

function reasonOf(error: unknown): string {
  const code = errorCode(error)
  if (code === 'ECONNREFUSED' || code === 'ENOENT') return `nothing listens there (${code})`
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `there is no such host (${code})`
  return errorText(error) || code || 'it does not answer'
}
