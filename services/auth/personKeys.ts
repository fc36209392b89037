// A person's key: made when they arrive, wrapped by a master key at rest, destroyed with their account.
import { type Clock, onCommit, open, Problem, seal, type Tx, unwrapKey } from '@oo/kernel'
import { LRUCache } from 'lru-cache'
import type { AuthCtx } from './context.ts'
import type { Sealer } from './door.ts'
import { authProblems } from './errors.ts'
import { wrappedKeyOf } from './store/people.ts'

const maxKeys = 5_000
/** How long another process may still hold a key that was destroyed. */
const keptMs = 30_000

export const keyPlace = (personId: string): string => `auth.person_keys.wrapped:${personId}`

export interface KeyMemory {
  find(personId: string): Sealer | undefined
  keep(personId: string, sealer: Sealer, since: number): void
  /** How many keys were destroyed so far: a key read before the last one is not kept. */
  destroyed(): number
  destroy(personId: string): void
}

export function openKeyMemory(clock: Clock): KeyMemory {
  const now = () => clock.now().getTime()
  const kept = new LRUCache<string, { sealer: Sealer; from: number }>({ max: maxKeys })
  let destroyed = 0
  return {
    find(personId) {
      const found = kept.get(personId)
      if (found && Math.abs(now() - found.from) < keptMs) return found.sealer
      kept.delete(personId)
      return undefined
    },
    keep(personId, sealer, since) {
      if (since === destroyed) kept.set(personId, { sealer, from: now() })
    },
    destroyed: () => destroyed,
    destroy(personId) {
      destroyed += 1
      kept.delete(personId)
    },
  }
}

export async function sealerOf(ctx: AuthCtx, personId: string, tx?: Tx): Promise<Sealer> {
  const remembered = ctx.keyMemory.find(personId)
  if (remembered) return remembered
  const since = ctx.keyMemory.destroyed()
  const db = tx ?? ctx.db
  const wrapped = await wrappedKeyOf(db, personId)
  if (!wrapped) throw new Problem(authProblems.personGone)
  const sealer = sealerWith(unwrapKey(ctx.settings.keyring, wrapped, keyPlace(personId)))
  onCommit(db, () => ctx.keyMemory.keep(personId, sealer, since))
  return sealer
}

const sealerWith = (key: Buffer): Sealer => ({
  seal: (text, place) => seal(key, Buffer.from(text), place),
  open: (sealed, place) => open(key, sealed, place).toString(),
})
