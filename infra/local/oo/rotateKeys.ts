// A new master key, written down before it is used; then everything the old keys wrapped is put under it. Killed
// anywhere, the next start works with both keys, and the same command goes on.
import { randomBytes } from 'node:crypto'
import { readText, replaceText, withSettings } from '../envFile.ts'
import { masterKeyName } from '../keyFingerprints.ts'
import type { DatabaseUrls } from '../plans.ts'
import { Refusal } from '../refusal.ts'
import { root } from '../root.ts'
import { secretsFile } from '../settings.ts'
import { rememberKeys, runVerb, withDatabase } from './database.ts'
import type { Called } from './words.ts'

export function rotateKeys(called: Called): Promise<number> {
  if (process.env.OO_KEK_ACTIVE)
    throw new Refusal(
      `OO_KEK_ACTIVE is set in the environment, which wins over ${secretsFile(root, process.env)}: change the keys there, then run node services/api/oo.ts keys rewrap.`,
    )
  return withDatabase(called, { alone: true }, urls => rotate(called, urls))
}

async function rotate(called: Called, urls: DatabaseUrls): Promise<number> {
  const unfinished = await rewrap(called, urls)
  if (unfinished.code !== 0) return unfinished.code
  if (unfinished.rewrapped > 0) {
    rememberKeys(called)
    process.stdout.write('✓ a rotation that had not finished is finished; run it again for another new key\n')
    return 0
  }
  const id = nextId(called.env)
  const made = { [`OO_KEK_${id}`]: randomBytes(32).toString('base64'), OO_KEK_ACTIVE: id }
  const file = secretsFile(root, process.env)
  replaceText(file, withSettings(readText(file), made))
  process.stdout.write(`✓ OO_KEK_${id} is in ${file} and active; the older keys stay, backups need them\n`)
  const next = { ...called, env: { ...called.env, ...made } }
  const { code } = await rewrap(next, urls)
  if (code === 0) rememberKeys(next)
  return code
}

async function rewrap(called: Called, urls: DatabaseUrls): Promise<{ code: number; rewrapped: number }> {
  let rewrapped = 0
  const code = await runVerb(called, urls, ['keys', 'rewrap'], message => {
    if (typeof message === 'object' && message !== null && 'rewrapped' in message)
      rewrapped = Number(message.rewrapped)
  })
  return { code, rewrapped }
}

/** One more than the highest number there is; keys with names of letters stay out of the count. */
function nextId(env: Called['env']): string {
  const numbers = Object.keys(env)
    .filter(name => masterKeyName.test(name))
    .map(name => Number(name.slice('OO_KEK_'.length)))
  return String(Math.max(0, ...numbers.filter(Number.isInteger)) + 1)
}
