import { createHmac, timingSafeEqual } from 'node:crypto'
import { type Fields, fieldsOf, jsonOf } from './read.ts'

/** Words that only who knows the secret can have written; a token made of them outlives this process. */
export type Signed = { write(fields: Fields): string; read(token: string): Fields | undefined }

export function createSigned(secret: string, purpose: string): Signed {
  const mac = (body: string): string =>
    createHmac('sha256', secret).update(`${purpose}\n${body}`).digest('base64url')
  return {
    write(fields) {
      const body = Buffer.from(JSON.stringify(fields)).toString('base64url')
      return `${body}.${mac(body)}`
    },
    read(token) {
      const [body = '', given = ''] = token.split('.')
      const wanted = mac(body)
      const isOurs =
        given.length === wanted.length && timingSafeEqual(Buffer.from(given), Buffer.from(wanted))
      return isOurs ? fieldsOf(jsonOf(Buffer.from(body, 'base64url').toString())) : undefined
    },
  }
}

/** Compares in a time that tells nothing. */
export function sameSecret(one: string, other: string): boolean {
  const digest = (text: string) => createHmac('sha256', 'compare').update(text).digest()
  return timingSafeEqual(digest(one), digest(other))
}

/** The oldest entries leave a map that grew over its bound. */
export function bounded<K, V>(map: Map<K, V>, max: number): void {
  for (const key of map.keys()) {
    if (map.size <= max) return
    map.delete(key)
  }
}
