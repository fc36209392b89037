// Who signed: `v1=` and the HMAC-SHA256, in hex, of `{timestamp}.{delivery}.{body}`, all of it as it was sent.
import { createHmac } from 'node:crypto'
import { sameSecret } from '@oo/kernel'
import type { Signed } from '@oo/shared-types/handlers'

/** What a delivery says of itself; nothing of it is believed until the signature holds. */
export interface Claim {
  delivery: string
  sentAt: Date
  isSignedWith(secret: string): boolean
}

/** Undefined where a header is missing or has no such shape; the shapes leave one way only to read what is signed. */
export function claimOf({ headers, bytes }: Pick<Signed, 'headers' | 'bytes'>): Claim | undefined {
  const timestamp = oneOf(headers['oo-timestamp'], /^\d{1,12}$/)
  const delivery = oneOf(headers['oo-delivery'], /^[\w-]{1,64}$/)
  const signature = oneOf(headers['oo-signature'], /^v1=[0-9a-f]{64}$/)
  if (!timestamp || !delivery || !signature) return undefined
  return {
    delivery,
    sentAt: new Date(Number(timestamp) * 1_000),
    isSignedWith(secret) {
      const hmac = createHmac('sha256', secret).update(`${timestamp}.${delivery}.`).update(bytes)
      return sameSecret(`v1=${hmac.digest('hex')}`, signature)
    },
  }
}

const oneOf = (given: string | string[] | undefined, shape: RegExp): string | undefined =>
  typeof given === 'string' && shape.test(given) ? given : undefined
