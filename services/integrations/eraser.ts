import type { Eraser } from '@oo/kernel'
import type { IntegrationsCtx } from './context.ts'
import { personalTables } from './exporter.ts'
import { deleteSourcesOf } from './ingress/store.ts'
import { release } from './release.ts'
import { forgetSignals } from './signals/forget.ts'
import { takeGrants } from './store.ts'
import { forgetOpenItems } from './storeLooks.ts'

/** The same as disconnecting everything; what is still to be handed back no longer names the person. */
export const eraserOf = (ctx: IntegrationsCtx): Eraser => ({
  tables: personalTables,
  async erase(tx, personId) {
    const grants = await takeGrants(tx, personId)
    await forgetOpenItems(tx, { personId })
    const signals = await forgetSignals(tx, personId)
    const sources = await deleteSourcesOf(tx, personId)
    const handedBack: string[] = []
    for (const grant of grants) {
      const name = ctx.sources.get(grant.provider)?.about.name ?? grant.provider
      if (await release(ctx, tx, grant)) handedBack.push(name)
    }
    const note = `The access to ${handedBack.join(', ')} is deleted here and is being revoked there; a provider that is away is asked again for 7 days.`
    return { rows: grants.length + signals + sources, ...(handedBack.length > 0 && { note }) }
  },
})
