// Who agreed to pooling is written where ml keeps it, in the transaction that hears of it: also while ml is down, and
// exactly once. What a person's yes was given to is the text; another one than is asked now is no yes.
import type { InBatches } from '@oo/events'
import { purposes } from '@oo/profile'
import { hearPooling } from './store/learned.ts'

const { version: asked } = purposes.pooling

export const pooling: InBatches = {
  name: 'recommender.pooling',
  subjects: ['profile.consent.changed'],
  async handleAll(tx, events) {
    const answers = new Map<string, boolean>()
    for (const { personId, payload } of events)
      if (payload.case === 'consentChanged' && payload.value.purpose === 'pooling')
        answers.set(personId, payload.value.granted && payload.value.version === asked)
    if (answers.size > 0) await hearPooling(tx, answers, asked)
  },
}
