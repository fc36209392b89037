import type { components } from '@oo/shared-types'
import { answerOf } from './client.ts'
import { problemOf, unreachable } from './problem.ts'

type Schemas = components['schemas']
export type IngressSignal = Schemas['IngressDelivery']['signals'][number]
export type IngressOutcome = Schemas['IngressOutcome']

export type IngressKey = {
  /** What oO answered when the source was made. */
  secret: string
  /** A repetition has the id of the first try and has no second effect. Default: a new one. */
  delivery?: string
  now?: Date
}

/** The headers that sign these bytes; send them with exactly this body. */
export async function signIngress(
  body: string,
  { secret, delivery = crypto.randomUUID(), now = new Date() }: IngressKey,
): Promise<Record<'OO-Timestamp' | 'OO-Delivery' | 'OO-Signature', string>> {
  const utf8 = new TextEncoder()
  const hmac = { name: 'HMAC', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('raw', utf8.encode(secret), hmac, false, ['sign'])
  const timestamp = String(Math.floor(now.getTime() / 1_000))
  const signed = await crypto.subtle.sign('HMAC', key, utf8.encode(`${timestamp}.${delivery}.${body}`))
  const hex = [...new Uint8Array(signed)].map(byte => byte.toString(16).padStart(2, '0')).join('')
  return { 'OO-Timestamp': timestamp, 'OO-Delivery': delivery, 'OO-Signature': `v1=${hex}` }
}

export type SendSignals = IngressKey & {
  /** The address of the source: `https://oo.example/api/ingress/…`. */
  url: string
  signals: IngressSignal[]
  deadlineMs?: number
}

/** Tells signals; whatever is not taken as a whole is thrown as an `ApiProblem`. */
export async function sendSignals({
  url,
  signals,
  deadlineMs = 10_000,
  ...key
}: SendSignals): Promise<IngressOutcome> {
  const body = JSON.stringify({ signals })
  const headers = { 'Content-Type': 'application/json', ...(await signIngress(body, key)) }
  const signal = AbortSignal.timeout(deadlineMs)
  const response = await fetch(url, { method: 'POST', body, headers, signal }).catch(() => {
    throw unreachable()
  })
  if (!response.ok) throw await problemOf(response)
  return answerOf(response.json().then((data: IngressOutcome) => ({ data })))
}
