import { purposes } from '@oo/profile'
import type { components } from '@oo/shared-types'
import { signalTypes } from '../signals/signal.ts'
import type { Delivery } from './store.ts'

export type Outcome = components['schemas']['IngressOutcome']

/** What was taken, and of what was not, why and what to do. */
export const outcomeOf = ({ accepted, refused }: Pick<Delivery, 'accepted' | 'refused'>): Outcome => ({
  accepted,
  refused: refused.map(({ type, why }) => ({ type, because: sentences[why](type) })),
})

type Refused = Delivery['refused'][number]

const sentences: Record<Refused['why'], (type: Refused['type']) => string> = {
  source: type => `This source may not send ${type}; make one that may.`,
  consent: type =>
    `There is no consent to ${type}; agree to “${purposes[signalTypes[type].purpose].title}” on the page You.`,
}
