// A person's key: made when they arrive, wrapped by a master key at rest, destroyed with their account.
import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'
import { onCommit, open, Problem, seal, type Tx, unwrapKey } from '@oo/kernel'
import type { AuthCtx } from './context.ts'
import type { Sealer } from './door.ts'
import { authProblems } from './errors.ts'
import { wrappedKeyOf } from './store/people.ts'

export const keyPlace = (personId: string): string => `auth.person_keys.wrapped:${personId}`

export async function sealerOf(ctx: AuthCtx, personId: string, tx?: Tx): Promise<Sealer> {
  const remembered = ctx.keyMemory.find(personId)
  if (remembered) return remembered
  const since = ctx.keyMemory.destroyed()
  const db = tx ?? ctx.db
  const wrapped = await wrappedKeyOf(db, personId)
  if (!wrapped) throw new Problem(authProblems.personGone)
  const sealer = sealerWith(createSecretKey(unwrapKey(ctx.settings.keyring, wrapped, keyPlace(personId))))
  onCommit(db, () => ctx.keyMemory.keep(personId, sealer, since))
  return sealer
}

const sealerWith = (key: KeyObject): Sealer => ({
  seal: (text, place) => seal(key, Buffer.from(text), place),
  open: (sealed, place) => open(key, sealed, place).toString(),
  keyFor: purpose => Buffer.from(hkdfSync('sha256', key, '', purpose, 32)),
})
