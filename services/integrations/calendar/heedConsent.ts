// What a person may have read of their calendar follows what they say, at once: withdrawn, it is gone; given again, it
// is read again.
import { calendarPurposes, turnLooks } from '../consent.ts'
import type { IntegrationsCtx } from '../context.ts'
import { forgetBusyTimes } from './store.ts'

export function heedCalendarConsent(ctx: IntegrationsCtx): void {
  ctx.events.subscribe({
    name: 'integrations.busy-times',
    subjects: ['profile.consent.changed'],
    async handle(tx, { personId, payload }) {
      if (payload.case !== 'consentChanged') return
      const { purpose, granted } = payload.value
      if (!calendarPurposes.some(one => one === purpose)) return
      await turnLooks(ctx, tx, { personId, app: 'calendar', granted })
      if (!granted) await forgetBusyTimes(tx, { personId })
    },
  })
  ctx.events.subscribe({
    name: 'integrations.calendar-memory',
    inMemory: true,
    subjects: ['profile.consent.changed', 'account.source.disconnected', 'signals.calendar.synced'],
    async handle(_tx, { personId }) {
      ctx.calendarMemory.forget(personId)
    },
  })
}
