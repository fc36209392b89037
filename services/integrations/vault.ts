// Tokens at rest: a data key of their own for each grant, wrapped by a master key, both bound to the place they lie.
import { type Keyring, open, type Random, seal, unwrapKey, wrapKey } from '@oo/kernel'
import type { Tokens } from './connectors/connector.ts'

export interface Envelope {
  kekId: string
  wrappedKey: Buffer
  tokens: Buffer
}

export interface Vault {
  sealText(text: string, place: string): Envelope
  openText(envelope: Envelope, place: string): string
  seal(tokens: Tokens, place: string): Envelope
  open(envelope: Envelope, place: string): Tokens
}

export const grantPlace = (grant: { id: string; personId: string; provider: string }): string =>
  `integrations.grants.tokens:${grant.personId}:${grant.provider}:${grant.id}`

export const revocationPlace = (revocation: { id: string; provider: string }): string =>
  `integrations.revocations.tokens:${revocation.provider}:${revocation.id}`

export function openVault(keyring: Keyring, random: Random): Vault {
  const vault: Pick<Vault, 'sealText' | 'openText'> = {
    sealText(text, place) {
      const key = random.bytes(32)
      const { kekId, wrapped } = wrapKey(keyring, key, `${place}:key`)
      return { kekId, wrappedKey: wrapped, tokens: seal(key, Buffer.from(text), place) }
    },
    openText({ kekId, wrappedKey: wrapped, tokens }, place) {
      const key = unwrapKey(keyring, { kekId, wrapped }, `${place}:key`)
      return open(key, tokens, place).toString()
    },
  }
  return {
    ...vault,
    seal: (tokens, place) => vault.sealText(JSON.stringify(tokens), place),
    open: (envelope, place) => tokensFrom(vault.openText(envelope, place)),
  }
}

/** What opens under its key and place was written by `seal` above, so its shape is known. */
function tokensFrom(plain: string): Tokens {
  const read: Omit<Tokens, 'expiresAt'> & { expiresAt: string | null } = JSON.parse(plain)
  return { ...read, expiresAt: read.expiresAt === null ? null : new Date(read.expiresAt) }
}
