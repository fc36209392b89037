import { createHash, createHmac } from 'node:crypto'
import type { Fields } from '../read.ts'

const part = (fields: Fields): string => Buffer.from(JSON.stringify(fields)).toString('base64url')

/** The number of an account, the same for every app and for good. */
const subOf = (email: string): string =>
  `1${BigInt(`0x${createHash('sha256').update(email).digest('hex')}`) % 10n ** 20n}`

/** Whose grant it is, without mail and name. Google signs with a key that it publishes; here the app's secret does. */
export function idTokenOf(
  { clientId, clientSecret }: { clientId: string; clientSecret: string },
  { email, now, lifeMs }: { email: string; now: Date; lifeMs: number },
): string {
  const iat = Math.floor(now.getTime() / 1_000)
  const claims = { iss: 'https://accounts.google.com', azp: clientId, aud: clientId, sub: subOf(email) }
  const body = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ ...claims, iat, exp: iat + Math.floor(lifeMs / 1_000) })}`
  return `${body}.${createHmac('sha256', clientSecret).update(body).digest('base64url')}`
}
