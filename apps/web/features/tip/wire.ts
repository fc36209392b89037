import { ApiProblem, problemOf, unreachable } from '@oo/sdk-js'
import type { Reaction, Recommendation, Why } from '@oo/shared-types'
import { faceOf } from './face.ts'
import type { Face, Payload } from './machine.ts'

/** Longer than the door waits for an api that restarts. */
const deadlineMs = 12_000

/**
 * The tip page's own few calls: bare fetch, because the whole client is not worth its bytes here. Each has a key,
 * so that the door may repeat it while the api restarts; `keepalive` lets it arrive although the page is closing.
 */
async function call(
  method: string,
  path: string,
  body?: unknown,
  key: string = crypto.randomUUID(),
): Promise<Response> {
  const response = await fetch(`/api${path}`, {
    method,
    keepalive: method !== 'GET',
    headers: {
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...(method !== 'GET' && { 'Idempotency-Key': key }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(deadlineMs),
  }).catch(() => {
    throw unreachable()
  })
  if (response.status === 401) location.assign('/sign-in?why=expired&next=/')
  if (!response.ok) throw await problemOf(response)
  return response
}

/** Guarantees nothing by itself: the api filters its answers through the same contract these types come from. */
async function answer<T>(call: Promise<Response>): Promise<T> {
  const body: T = await (await call).json().catch(() => {
    throw unreachable()
  })
  return body
}

export async function look(): Promise<Face> {
  const found = await answer<Recommendation>(call('POST', '/recommend', { trigger: 'open' }))
  return faceOf(found, () => answer(call('GET', '/integrations')))
}

export const react = (payload: Payload, key: string) =>
  answer<{ id: string; undoUntil: string }>(call('POST', '/feedback', payload, key))

export const undo = (id: string) => call('DELETE', `/feedback/${id}`)

export const shown = (tipId: string, at: string) => call('POST', `/tips/${tipId}/shown`, { at })

export const why = (tipId: string) => answer<Why>(call('GET', `/tips/${tipId}/why`))

export const resume = () => call('DELETE', '/profile/pause')

export const saveZone = (timeZone: string) => call('PATCH', '/profile', { timeZone })

/** The newest reaction that can still be undone, of this tip when one is named. */
export async function lastReaction(tipId?: string): Promise<Reaction | null> {
  const { reactions } = await answer<{ reactions: Reaction[] }>(call('GET', '/feedback'))
  const open = reactions.filter(({ state }) => state !== 'undone' && state !== 'reopening')
  return open.find(reaction => tipId === undefined || reaction.tipId === tipId) ?? null
}

/** Worth sending again as it is; anything else would be refused again. */
export function isPassing(error: unknown): boolean {
  return !(error instanceof ApiProblem) || error.status === 0 || error.status === 429 || error.status >= 500
}

export function sentenceOf(error: unknown): string {
  return error instanceof ApiProblem ? error.message : unreachable().message
}
