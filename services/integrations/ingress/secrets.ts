// What of a source is sealed: its name, which is a person's text, and what its deliveries are signed with.
import { type Random, secretToken } from '@oo/kernel'
import type { Envelope, Vault } from '../vault.ts'
import type { Claim } from './signature.ts'

export interface Inside {
  /** Null where it was lost with the key to it. */
  name: string | null
  secret: string
  /** After a rotation: the secret that was in use, until the new one was used or this moment. */
  before: { secret: string; until: string } | null
}

type Sealed = Envelope & { id: string; personId: string }

export const sourcePlace = ({ id, personId }: Pick<Sealed, 'id' | 'personId'>): string =>
  `integrations.ingress_sources.tokens:${personId}:${id}`

export const newSecret = (random: Random): string => `oos_${secretToken(random)}`

export const sealInside = (
  { vault }: { vault: Vault },
  source: Pick<Sealed, 'id' | 'personId'>,
  inside: Inside,
): Envelope => vault.sealText(JSON.stringify(inside), sourcePlace(source))

/** What opens under its key and place was written by `sealInside`, so its shape is known. */
const openInside = ({ vault }: { vault: Vault }, source: Sealed): Inside =>
  JSON.parse(vault.openText(source, sourcePlace(source)))

/** Undefined where it does not open: its master key is lost, or the row was changed. */
export function insideOf(ctx: { vault: Vault }, source: Sealed): Inside | undefined {
  try {
    return openInside(ctx, source)
  } catch {
    return undefined
  }
}

/** Opens like a source's, to a secret that nobody has. */
export interface Decoy {
  inside(): Inside
}

export function sealDecoy(ctx: { vault: Vault }, random: Random): Decoy {
  const place = { id: 'decoy', personId: 'nobody' }
  const inside = { name: null, secret: newSecret(random), before: null }
  const sealed = { ...place, ...sealInside(ctx, place, inside) }
  return { inside: () => openInside(ctx, sealed) }
}

/** The old secret while it still works. */
export const secretBefore = ({ before }: Inside, now: Date) =>
  before && new Date(before.until) > now ? before : null

/** Both are tried whatever the first one says, so that time tells nothing. */
export function signerOf(inside: Inside, claim: Claim, now: Date): 'new' | 'old' | undefined {
  const byNew = claim.isSignedWith(inside.secret)
  const before = secretBefore(inside, now)
  const byOld = claim.isSignedWith(before?.secret ?? inside.secret)
  if (byNew) return 'new'
  return before && byOld ? 'old' : undefined
}
