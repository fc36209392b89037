import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { readStored, readText, replaceText, withSettings } from './envFile.ts'
import { type Env, keyFingerprints, masterKeyName, secretName } from './keyFingerprints.ts'
import { Refusal } from './refusal.ts'

const heading =
  '# Secrets of this oO, made on its first start. Keep a copy: without the OO_KEK_ keys sealed data stays sealed.\n'

/** Values of the file below those of the process; what is missing is made once and added to the file. */
export function ensureSecrets(file: string, given: Env, knownKeys: Record<string, string> = {}): Env {
  const stored = readStored(file)
  const present: Env = { ...stored, ...definedOf(given) }
  refuseWeak(present)
  refuseLostKeys(present, knownKeys, file)
  const made = missingSecrets(present)
  if (Object.keys(made).length > 0) append(file, made)
  return { ...stored, ...made, ...definedOf(given) }
}

function missingSecrets(present: Env): Record<string, string> {
  const made: Record<string, string> = {}
  const keys = Object.keys(present).filter(name => masterKeyName.test(name) && present[name])
  if (!present.OO_SECRET) made.OO_SECRET = randomBytes(32).toString('base64url')
  if (!present.ML_SHARED_SECRET) made.ML_SHARED_SECRET = randomBytes(32).toString('base64url')
  if (keys.length === 0) made.OO_KEK_1 = randomBytes(32).toString('base64')
  if (!present.OO_KEK_ACTIVE) made.OO_KEK_ACTIVE = activeKey(keys)
  if (!present.VAPID_PUBLIC_KEY && !present.VAPID_PRIVATE_KEY) Object.assign(made, vapidKeys())
  if (!present.VAPID_SUBJECT) made.VAPID_SUBJECT = 'mailto:push@example.test'
  return made
}

function activeKey(names: string[]): string {
  if (names.length > 1) {
    throw new Refusal(
      `${names.join(' and ')} are set: say in OO_KEK_ACTIVE which of them seals new data (its part after OO_KEK_).`,
    )
  }
  return (names[0] ?? 'OO_KEK_1').slice('OO_KEK_'.length)
}

/** The application server's key pair of web push: P-256, the public half as an uncompressed point. */
function vapidKeys(): Record<string, string> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x, y, d } = privateKey.export({ format: 'jwk' })
  if (!x || !y || !d) throw new Error('the P-256 key pair lacks a coordinate')
  const point = Buffer.concat([Buffer.from([4]), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')])
  return { VAPID_PUBLIC_KEY: point.toString('base64url'), VAPID_PRIVATE_KEY: d }
}

function refuseWeak(env: Env): void {
  for (const name of ['OO_SECRET', 'ML_SHARED_SECRET', 'ADMIN_TOKEN']) {
    const value = env[name]
    if (value && (value.length < 32 || new Set(value).size < 10)) {
      throw new Refusal(
        `${name} is too weak: give it at least 32 random characters, for instance from: openssl rand -base64 32`,
      )
    }
  }
  for (const [name, value] of Object.entries(env)) {
    if (masterKeyName.test(name) && value && Buffer.from(value, 'base64').length !== 32) {
      throw new Refusal(
        `${name} must be 32 random bytes in base64, for instance from: openssl rand -base64 32`,
      )
    }
  }
  const active = env.OO_KEK_ACTIVE
  if (active && active !== '1' && !env[`OO_KEK_${active}`]) {
    throw new Refusal(
      `OO_KEK_ACTIVE names the key ${active}, but OO_KEK_${active} is not set: set it, or name another key.`,
    )
  }
  if (!env.VAPID_PUBLIC_KEY !== !env.VAPID_PRIVATE_KEY) {
    throw new Refusal(
      'VAPID_PUBLIC_KEY and VAPID_PRIVATE_KEY belong together: set both, or neither to have them made.',
    )
  }
}

/** New master keys over data that older ones sealed would lose that data without a word; a new secret, the people. */
function refuseLostKeys(present: Env, known: Record<string, string>, file: string): void {
  const { [secretName]: secret, ...keys } = keyFingerprints(present)
  const { [secretName]: knownSecret, ...knownKeys } = known
  if (knownSecret !== undefined && knownSecret !== secret)
    throw new Refusal(
      `People here are found by another OO_SECRET than the one at hand: put the old OO_SECRET back into ${file}.`,
    )
  for (const [name, fingerprint] of Object.entries(knownKeys)) {
    const lost = Object.keys(keys).length === 0 || (keys[name] !== undefined && keys[name] !== fingerprint)
    if (lost)
      throw new Refusal(
        `The data here is sealed with another ${name} than the one at hand: put the old ${name} back into ${file}.`,
      )
  }
}

function append(file: string, made: Record<string, string>): void {
  replaceText(file, withSettings(readText(file) || heading, made))
}

function definedOf(env: Env): Env {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
}
