import { transaction } from '@oo/kernel'
import type { AuthCtx } from './context.ts'
import { erasersOf } from './erasePerson.ts'
import { erasedHash } from './erasureLedger.ts'
import { deletePerson, peopleAfter } from './store/people.ts'

const pageSize = 1_000

/**
 * After a restore: whoever the ledger names is removed from every module at once, the key last. They were told long
 * ago that they are gone, so there is no receipt and no event.
 */
export async function eraseAgain(ctx: AuthCtx, ledger: ReadonlySet<string>): Promise<number> {
  let erased = 0
  let after: string | null = null
  for (;;) {
    const page: string[] = await peopleAfter(ctx.db, after, pageSize)
    for (const personId of page.filter(id => ledger.has(erasedHash(id)))) {
      await transaction(ctx.db, async tx => {
        for (const { eraser } of erasersOf(ctx)) await eraser.erase(tx, personId)
        await deletePerson(tx, personId)
      })
      erased += 1
    }
    after = page.at(-1) ?? null
    if (after === null) return erased
  }
}
