// The hops of a reaction in the product's words, each with the one that causes it.
import type { CollectedSpan } from './collector.ts'

export interface Hop {
  /** The span's name, as the code says it. */
  name: string
  says: string
  process: string
  causedBy: string | null
}

const click = 'click'
const door = 'door POST /api/feedback'
const operation = 'api POST /feedback'
const transaction = 'reaction transaction'
const apply = 'apply signals.tip.reacted: recommender.rewards'
const deliver = 'deliver signals.tip.rewarded: recommender.learning'
const learn = 'ml learns'

export const hops: readonly Hop[] = [
  { name: click, says: 'a person says “done”', process: 'browser', causedBy: null },
  { name: door, says: 'the page server passes it on', process: 'web', causedBy: click },
  { name: operation, says: 'the gateway knows who and checks what', process: 'api', causedBy: door },
  {
    name: transaction,
    says: 'the reaction and its event are kept for good',
    process: 'api',
    causedBy: operation,
  },
  { name: apply, says: 'the log hands it on: it becomes a reward', process: 'api', causedBy: transaction },
  { name: deliver, says: 'the reward leaves for ml', process: 'api', causedBy: apply },
  { name: learn, says: 'ml takes it', process: 'ml', causedBy: deliver },
  {
    name: 'posterior transaction',
    says: 'what was learned is kept: the new posterior',
    process: 'ml',
    causedBy: learn,
  },
]

export const spanOf = (spans: readonly CollectedSpan[], { name, process }: Hop): CollectedSpan | undefined =>
  spans.find(span => span.name === name && span.process === process)

/** What is missing or has the wrong cause, each in a sentence; none when the picture is whole. */
export function wrongHops(spans: readonly CollectedSpan[]): string[] {
  return hops.flatMap(hop => {
    const found = spans.filter(span => span.name === hop.name && span.process === hop.process)
    const [span] = found
    if (!span) return [`${hop.process} did not tell of "${hop.name}"`]
    if (found.length > 1) return [`${hop.process} told ${found.length} times of "${hop.name}"`]
    const cause = hops.find(({ name }) => name === hop.causedBy)
    const parent = cause && spanOf(spans, cause)
    if (span.parentSpanId !== parent?.spanId) return [`"${hop.name}" is not caused by "${hop.causedBy}"`]
    return []
  })
}
