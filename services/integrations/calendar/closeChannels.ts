// A consent that is withdrawn closes the channels of a person's calendars too, by a job: their provider has to be asked.
import { type JobDefinition, transaction } from '@oo/kernel'
import { calendarPurposes, mayRead } from '../consent.ts'
import type { IntegrationsCtx } from '../context.ts'
import { grantOfId } from '../store.ts'
import { channelsOfPerson } from './storeChannels.ts'
import { endWatch } from './watch.ts'

const closeChannelsJob = 'integrations.close-channels'

export const closeChannelsJobOf = (ctx: IntegrationsCtx): JobDefinition => ({
  name: closeChannelsJob,
  promise: 'A provider was not told that it need not tell of changes any more; it stops by itself.',
  async run({ grantId }, signal) {
    const grant = await grantOfId(ctx.db, grantId ?? '')
    const connector = grant && ctx.sources.get(grant.provider)?.connector
    if (!connector) return
    const consents = await transaction(ctx.db, tx => ctx.profiles.consentsNow(tx, grant.personId))
    if (!mayRead(connector, consents)) await endWatch(ctx, connector, { grant, signal })
  },
})

export function closeChannelsWithConsent(ctx: IntegrationsCtx): void {
  ctx.events.subscribe({
    name: 'integrations.channels',
    subjects: ['profile.consent.changed'],
    async handle(tx, { personId, payload }) {
      if (payload.case !== 'consentChanged' || payload.value.granted) return
      if (!calendarPurposes.some(purpose => purpose === payload.value.purpose)) return
      const holders = new Set((await channelsOfPerson(tx, personId)).map(({ grantId }) => grantId))
      for (const grantId of holders) await ctx.jobs.enqueue(tx, closeChannelsJob, { grantId })
    },
  })
}
