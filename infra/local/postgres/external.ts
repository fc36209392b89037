import type { Env } from '../keyFingerprints.ts'
import type { DatabaseUrls } from '../plans.ts'
import { errorCode, errorText, Refusal } from '../refusal.ts'
import { assertDurable, withClient } from './roles.ts'

/** A database of the operator's own must answer, and must not lose what it acknowledged. */
export async function checkExternal(
  urls: DatabaseUrls,
  { env, say }: { env: Env; say: (line: string) => void },
): Promise<void> {
  await reachExternal(urls)
  try {
    await assertDurable(urls.api)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const way = 'OO_ACCEPT_UNSYNCED_DATABASE=1'
    if (env.OO_ACCEPT_UNSYNCED_DATABASE !== '1')
      throw new Refusal(
        `${error.message} Where its maker says that its storage keeps what it acknowledged: ${way}.`,
      )
    say(`! ${error.message} It is used as it is (${way}).`)
  }
}

/** As the roles that oO and its operator come with. */
export async function reachExternal({ api, owner }: DatabaseUrls): Promise<void> {
  await reach('DATABASE_URL', api)
  if (owner !== api) await reach('OO_OWNER_DATABASE_URL', owner)
}

async function reach(name: string, url: string): Promise<void> {
  try {
    await withClient(url, client => client.query('select 1'))
  } catch (error) {
    throw new Refusal(
      `The database of ${name} (${placeOf(url)}) cannot be used: ${reasonOf(error)}. Start it, or correct ${name}; without DATABASE_URL oO makes a database of its own.`,
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
