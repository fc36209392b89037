import type { Tx } from '@oo/kernel'
import type { Purpose } from '@oo/shared-types'
import { counts } from './purposes.ts'
import { findPerson, holdCard } from './store.ts'

/** As the database has them, past every memory. `hold`: and nobody withdraws one before the transaction has ended. */
export async function consentsNow(
  tx: Tx,
  personId: string,
  { hold = false }: { hold?: boolean } = {},
): Promise<ReadonlySet<Purpose>> {
  if (hold) await holdCard(tx, personId)
  const person = await findPerson(tx, personId)
  return new Set(person?.answers.filter(counts).map(({ purpose }) => purpose))
}
