import { ApiProblem, type Client, createClient } from '@oo/sdk-js'
import { readApiUrl } from '@oo/ui/door/env'
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { signInPath } from './nextPath.ts'

const deadlineMs = 8_000
/** A page waits for an api that is being restarted rather than say so. */
const patienceMs = 5_000

/** The api as the person who asked for this page, called where it listens. */
export async function personApi(): Promise<Client> {
  const asked = await headers()
  const proto = asked.get('x-forwarded-proto') === 'https' ? 'https' : 'http'
  const forwarded: Record<string, string> = {
    'x-forwarded-proto': proto,
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

export type Loaded<T> = { ok: true; value: T } | { ok: false; sentence: string }

/** Loads a page's data; whoever is not signed in goes to sign in first, and an api that is away is a sentence. */
export async function load<T>(path: string, work: (api: Client) => Promise<T>): Promise<Loaded<T>> {
  try {
    return { ok: true, value: await work(await personApi()) }
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error
    if (error.status === 401)
      redirect(signInPath(path, (await headers()).has('cookie') ? 'expired' : undefined))
    if (error.code === 'no_person') redirect(signInPath(path, 'no-person'))
    return { ok: false, sentence: error.message }
  }
}
