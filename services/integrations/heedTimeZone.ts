// The past is counted by the person's clock, so it waits for that to be known; their zone may come after their apps.
import type { IntegrationsCtx } from './context.ts'
import { enqueuePast } from './readPast.ts'
import { grantsOf } from './store.ts'

export function heedTimeZone(ctx: IntegrationsCtx): void {
  ctx.events.subscribe({
    name: 'integrations.past-by-clock',
    subjects: ['profile.timezone.changed'],
    async handle(tx, { personId }) {
      for (const { id, provider } of await grantsOf(tx, personId))
        if (ctx.sources.get(provider)?.connector?.tasks?.past) await enqueuePast(ctx, tx, id)
    },
  })
}
