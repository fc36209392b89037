import type { Consents, Purpose } from '@oo/shared-types'
import { consentOrder, counts, purposes, senseOrder } from './purposes.ts'
import type { Answer } from './store.ts'

/** Every purpose there is, with the text that is asked for now. */
export function consentsOf(latest: readonly Answer[]): Consents {
  const answers = new Map(latest.map(answer => [answer.purpose, answer]))
  const asked = <P extends Purpose>(purpose: P) => {
    const answer = answers.get(purpose)
    return {
      purpose,
      ...purposes[purpose],
      granted: answer !== undefined && counts(answer),
      ...(answer && { at: answer.at.toISOString() }),
    }
  }
  return { consents: consentOrder.map(asked), senses: senseOrder.map(asked) }
}
