import type { Eraser } from '@oo/kernel'
import { forgetBusyTimes } from './calendar/store.ts'
import type { IntegrationsCtx } from './context.ts'
import { personalTables } from './exporter.ts'
import { deleteSourcesOf } from './ingress/store.ts'
import { release } from './release.ts'
import { forgetSignals } from './signals/forget.ts'
import { takeGrants } from './store.ts'
import { forgetOpenItems } from './storeLooks.ts'
import { forgetPast } from './storePast.ts'

/** The same as disconnecting everything; what is still to be handed back no longer names the person. */
export const eraserOf = (ctx: IntegrationsCtx): Eraser => ({
  tables: personalTables,
  async erase(tx, personId) {
    const grants = await takeGrants(tx, personId)
    await forgetOpenItems(tx, { personId })
    const signals = await forgetSignals(tx, personId)
    const sources = await deleteSourcesOf(tx, personId)
    await forgetBusyTimes(tx, { personId })
    await forgetPast(tx, { personId })
    const handedBack: string[] = []
    const typed: string[] = []
    for (const grant of grants) {
      const { about, connector } = ctx.sources.get(grant.provider) ?? {}
      const name = about?.name ?? grant.provider
      if (await release(ctx, tx, grant)) handedBack.push(name)
      else if (connector?.entry.by === 'form') typed.push(name)
    }
    const notes = [
      handedBack.length > 0 &&
        `The access to ${handedBack.join(', ')} is deleted here and is being revoked there; a provider that is away is asked again for 7 days.`,
      typed.length > 0 &&
        `The password for ${typed.join(', ')} is deleted here; only you can end it at your server.`,
    ].filter(note => note !== false)
    return { rows: grants.length + signals + sources, ...(notes.length > 0 && { note: notes.join(' ') }) }
  },
})
