import { type KeyHolder, rewrapKey } from '@oo/kernel'
import { keyPlace } from './personKeys.ts'
import { keysNotUnder, replaceKey } from './store/people.ts'

/** The keys of people, when the master key that wraps them is changed. */
export const keyHolder: KeyHolder = {
  tables: ['auth.person_keys'],
  async rewrap(tx, keyring, batch) {
    const rows = await keysNotUnder(tx, keyring.active, batch)
    let stuck = 0
    for (const row of rows) {
      const next = rewrapKey(keyring, row, keyPlace(row.personId))
      if (next) await replaceKey(tx, row.personId, next)
      else stuck += 1
    }
    return { rewrapped: rows.length - stuck, stuck, last: rows.at(-1)?.personId ?? null }
  },
}
