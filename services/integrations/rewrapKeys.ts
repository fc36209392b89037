import { type KeyHolder, type Keyring, type Rewrapped, rewrapKey, type Wrapped } from '@oo/kernel'
import { sourcePlace } from './ingress/secrets.ts'
import { rewrapSource, sourcesNotUnder } from './ingress/store.ts'
import { grantsNotUnder, revocationsNotUnder, rewrapGrant, rewrapRevocation } from './store.ts'
import { type Envelope, grantPlace, revocationPlace } from './vault.ts'

/** The data keys of grants and of what is still to be handed back, when the master key is changed. */
export const keyHolders: KeyHolder[] = [
  {
    tables: ['integrations.grants'],
    rewrap: async (tx, keyring, batch) =>
      rewrapAll(keyring, await grantsNotUnder(tx, keyring.active, batch), grantPlace, (id, key) =>
        rewrapGrant(tx, id, key),
      ),
  },
  {
    tables: ['integrations.revocations'],
    rewrap: async (tx, keyring, batch) =>
      rewrapAll(keyring, await revocationsNotUnder(tx, keyring.active, batch), revocationPlace, (id, key) =>
        rewrapRevocation(tx, id, key),
      ),
  },
  {
    tables: ['integrations.ingress_sources'],
    rewrap: async (tx, keyring, batch) =>
      rewrapAll(keyring, await sourcesNotUnder(tx, keyring.active, batch), sourcePlace, (id, key) =>
        rewrapSource(tx, id, key),
      ),
  },
]

async function rewrapAll<Row extends Envelope & { id: string }>(
  keyring: Keyring,
  rows: Row[],
  place: (row: Row) => string,
  write: (id: string, key: Wrapped) => Promise<void>,
): Promise<Rewrapped> {
  let stuck = 0
  for (const row of rows) {
    const next = rewrapKey(keyring, { kekId: row.kekId, wrapped: row.wrappedKey }, `${place(row)}:key`)
    if (next) await write(row.id, next)
    else stuck += 1
  }
  return { rewrapped: rows.length - stuck, stuck, last: rows.at(-1)?.id ?? null }
}
