import { type Keyring, type Module, type Pool, type Rewrapped, transaction } from '@oo/kernel'

const limit = 500

export interface Rotated {
  rewrapped: number
  /** Keys that do not open, with any key at hand; they stay as they are. */
  stuck: number
}

/** Puts every wrapped key under the active master key, a batch a transaction: killed anywhere, it goes on next time. */
export async function rewrapKeys(
  db: Pool,
  modules: readonly Module<object>[],
  keyring: Keyring,
  say: (line: string) => void,
): Promise<Rotated> {
  const sum: Rotated = { rewrapped: 0, stuck: 0 }
  for (const holder of modules.flatMap(module => module.keys ?? [])) {
    let after: string | null = null
    do {
      const batch: { after: string | null; limit: number } = { after, limit }
      const done: Rewrapped = await transaction(db, tx => holder.rewrap(tx, keyring, batch))
      sum.rewrapped += done.rewrapped
      sum.stuck += done.stuck
      if (done.rewrapped > 0) say(`… ${holder.tables.join(', ')}: ${sum.rewrapped} keys`)
      after = done.last
    } while (after !== null)
  }
  return sum
}
