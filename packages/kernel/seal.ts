// AES-256-GCM: version byte, 12-byte nonce, 16-byte tag, ciphertext. The additional data binds a sealed value
// to its place, so that a row moved to another person or column no longer opens.
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'

const version = 1
const headBytes = 1 + 12 + 16

/** Who uses a key often gives it as a KeyObject: preparing one costs as much as sealing a short text. */
export function seal(key: Buffer | KeyObject, plain: Buffer, place: string): Buffer {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(place))
  const body = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([Buffer.from([version]), nonce, cipher.getAuthTag(), body])
}

export function open(key: Buffer | KeyObject, sealed: Buffer, place: string): Buffer {
  if (sealed.length < headBytes || sealed[0] !== version) throw new Error('not a sealed value')
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 13)).setAAD(Buffer.from(place))
  decipher.setAuthTag(sealed.subarray(13, headBytes))
  return Buffer.concat([decipher.update(sealed.subarray(headBytes)), decipher.final()])
}

/** The master keys of an instance by id; new values are wrapped with the active one. */
export interface Keyring {
  active: string
  keys: ReadonlyMap<string, Buffer>
}

export interface Wrapped {
  kekId: string
  wrapped: Buffer
}

function master(keyring: Keyring, id: string): Buffer {
  const key = keyring.keys.get(id)
  if (!key)
    throw new Error(`OO_KEK_${id} is missing: without this master key what it wrapped cannot be opened.`)
  return key
}

export const wrapKey = (keyring: Keyring, key: Buffer, place: string): Wrapped => ({
  kekId: keyring.active,
  wrapped: seal(master(keyring, keyring.active), key, place),
})

export const unwrapKey = (keyring: Keyring, { kekId, wrapped }: Wrapped, place: string): Buffer =>
  open(master(keyring, kekId), wrapped, place)

export const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest()

/** A keyed fingerprint: finds the same value again without holding it. */
export const keyedHash = (secret: string, purpose: string, value: string): Buffer =>
  createHmac('sha256', secret).update(`${purpose}\0${value}`).digest()

/** Constant in time and in what it leaks, whatever the lengths. */
export const sameSecret = (a: string, b: string): boolean => timingSafeEqual(sha256(a), sha256(b))

/** A short name of a master key, to notice that another one took its place; it opens nothing. */
export const keyFingerprint = (key: Buffer): string =>
  createHash('sha256').update(key).digest('hex').slice(0, 16)

/** The same key under the active master key; null when it does not open. */
export function rewrapKey(keyring: Keyring, wrapped: Wrapped, place: string): Wrapped | null {
  const key = keyring.keys.get(wrapped.kekId)
  if (!key) return null
  try {
    return wrapKey(keyring, open(key, wrapped.wrapped, place), place)
  } catch {
    return null
  }
}
