import { Problem, transaction } from '@oo/kernel'
import type { Consents, Purpose } from '@oo/shared-types'
import { consentsOf } from './consentsOf.ts'
import type { ProfileCtx } from './context.ts'
import { errors } from './errors.ts'
import { purposes } from './purposes.ts'
import { record } from './record.ts'
import { findPerson, lockCard } from './store.ts'

/** A yes needs the text of now; a no is taken whatever text it was shown with, so that leaving is never hard. */
export async function answerConsent(
  ctx: ProfileCtx,
  input: { personId: string; purpose: Purpose; version: string; granted: boolean },
): Promise<Consents> {
  const { personId, purpose, version, granted } = input
  const asked = purposes[purpose]
  if (!granted && asked.required) throw new Problem(errors.termsRequired)
  if (granted && version !== asked.version) throw new Problem(errors.textChanged)

  return transaction(ctx.db, async tx => {
    if (!(await lockCard(tx, personId))) throw new Problem(errors.gone)
    await record(ctx, tx, personId, { purpose, version: asked.version, granted })
    return consentsOf((await findPerson(tx, personId))?.answers ?? [])
  })
}
