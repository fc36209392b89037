import { type Client, createClient } from '@oo/sdk-js'
import { readApiUrl } from '@oo/ui/door/env'
import { headers } from 'next/headers'

const deadlineMs = 8_000
/** A page waits for an api that is being restarted rather than say so. */
const patienceMs = 5_000

/** The api as the operator who asked for this page, called where it listens. */
export async function operatorApi(): Promise<Client> {
  const asked = await headers()
  const forwarded: Record<string, string> = {
    'x-forwarded-proto': asked.get('x-forwarded-proto') === 'https' ? 'https' : 'http',
  }
  for (const name of ['cookie', 'user-agent', 'x-forwarded-for']) {
    const value = asked.get(name)
    if (value) forwarded[name] = value
  }
  return createClient({
    baseUrl: new URL('/api', readApiUrl(process.env)).href,
    headers: forwarded,
    deadlineMs,
    patienceMs,
  })
}
