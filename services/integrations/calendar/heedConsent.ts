// What a person may have read of their calendar follows what they say, at once: withdrawn, it is gone; given again, it
// is read again.

import type { IntegrationsCtx } from '../context.ts'
import { enqueueLook } from '../lookAgain.ts'
import { grantsOf } from '../store.ts'
import { forgetBusyTimes } from './store.ts'

const purposes: readonly string[] = ['sync', 'calendar']

export function heedCalendarConsent(ctx: IntegrationsCtx): void {
  ctx.events.subscribe({
    name: 'integrations.busy-times',
    subjects: ['profile.consent.changed'],
    async handle(tx, { personId, payload }) {
      if (payload.case !== 'consentChanged' || !purposes.includes(payload.value.purpose)) return
      if (!payload.value.granted) return forgetBusyTimes(tx, { personId })
      for (const { provider: source } of await grantsOf(tx, personId))
        if (ctx.sources.get(source)?.connector?.calendar) await enqueueLook(ctx, tx, { personId, source })
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
