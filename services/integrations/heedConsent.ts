// What a person withdraws is forgotten, and what they give is read, at once. Of calendars `calendar/heedConsent.ts` says so.
import { turnLooks } from './consent.ts'
import type { IntegrationsCtx } from './context.ts'
import { forgetWithout } from './signals/forget.ts'
import { forgetOpenItems } from './storeLooks.ts'
import { forgetPast } from './storePast.ts'

export function heedConsent(ctx: IntegrationsCtx): void {
  ctx.events.subscribe({
    name: 'integrations.open-items',
    subjects: ['profile.consent.changed'],
    async handle(tx, { personId, payload }) {
      if (payload.case !== 'consentChanged') return
      const { purpose, granted } = payload.value
      if (purpose === 'sync') await turnLooks(ctx, tx, { personId, app: 'tasks', granted })
      if (granted) return
      if (purpose === 'sync') {
        await forgetOpenItems(tx, { personId })
        await forgetPast(tx, { personId })
      }
      await forgetWithout(tx, personId, purpose)
    },
  })
}
