// What a person may have read of their calendar follows what they say, at once: withdrawn, it is gone; given again, it
// is read again.
import type { IntegrationsCtx } from '../context.ts'
import { lookNow } from '../storeLooks.ts'
import { forgetBusyTimes } from './store.ts'

const purposes: readonly string[] = ['sync', 'calendar']

export function heedCalendarConsent(ctx: IntegrationsCtx): void {
  ctx.events.subscribe({
    name: 'integrations.busy-times',
    subjects: ['profile.consent.changed'],
    async handle(tx, { personId, payload }) {
      if (payload.case !== 'consentChanged' || !purposes.includes(payload.value.purpose)) return
      if (!payload.value.granted) return forgetBusyTimes(tx, { personId })
      const calendars = [...ctx.sources.values()].filter(({ connector }) => connector?.calendar)
      const providers = calendars.map(({ about }) => about.id)
      await lookNow(tx, { personId, providers, now: ctx.clock.now() })
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
