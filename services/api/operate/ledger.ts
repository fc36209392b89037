import { dirname, join } from 'node:path'
import { mergeErasureLedgers, readErasureLedger } from '@oo/auth'
import { Refused } from './refused.ts'

/** The ledger of this installation, and the one that came with a backup, if it did. */
export interface Ledger {
  file: string
  count(): Promise<number>
  /** Refuses when there is none, or an older one than the backup was made beside. */
  mustKnow(atLeast: number): Promise<void>
  /** Everyone in either of them, written into this installation's own. */
  adopt(): Promise<Set<string>>
}

export function ledgerAt(file: string, backup: string): Ledger {
  const beside = join(dirname(backup), 'erased-people.jsonl')
  return {
    file,
    count: async () => (await readErasureLedger(file))?.size ?? 0,
    async mustKnow(atLeast) {
      const [ours, theirs] = [await readErasureLedger(file), await readErasureLedger(beside)]
      if (ours === null && theirs === null)
        throw new Refused(
          `There is no ledger of deletions beside ${backup}, nor ${file}: people erased since the backup would come back. Bring it, or add --without-ledger if nobody was.`,
        )
      const known = new Set([...(ours ?? []), ...(theirs ?? [])]).size
      if (known < atLeast)
        throw new Refused(
          `The ledger of deletions at hand knows ${known} people, the one beside the backup knew ${atLeast}: bring the newest erased-people.jsonl, beside ${backup} or as ${file}.`,
        )
    },
    adopt: () => mergeErasureLedgers(beside, file),
  }
}
