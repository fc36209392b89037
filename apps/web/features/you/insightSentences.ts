import type { Insights, SilenceReason } from '@oo/shared-types'

type Learned = Insights['learned']

/** What is said instead of statements, where there are none. */
export function nothingLearned({ state, rewards }: Learned): string {
  if (state === 'away') return 'The model is away right now. What it learned of you is kept.'
  if (rewards === 0)
    return 'oO knows nothing about you yet. It learns from what you do with its tips, and takes its time.'
  return `oO has learned from ${counted(rewards, 'moment')}, and nothing is sure enough to be said yet.`
}

/** A probability in words; below nine in ten nothing is claimed. */
export function certaintyWords(certainty: number): string {
  if (certainty >= 0.99) return 'almost certain'
  return certainty >= 0.95 ? 'very likely' : 'likely'
}

export function asSentence(text: string): string {
  const capital = /^oO\b/.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1)
  return `${capital}.`
}

/** Whether choosing for this person beats chance; an interval that holds zero is no evidence. */
export function personalisedSentences(told: Insights['personalised']): string[] {
  const { moments, atRandom, difference, low, high } = told
  const compared = `oO chose in ${counted(moments - atRandom, 'moment')} and left ${atRandom} to chance, to compare.`
  if (difference === undefined || low === undefined || high === undefined)
    return [
      'No evidence yet.',
      moments === 0 ? 'oO leaves a few of your moments to chance, so that this can be answered.' : compared,
    ]
  const between = `between ${signed(low)} and ${signed(high)} a moment, with 95 % certainty`
  if (low > 0) return [`Yes: what oO chooses earns more than chance, ${between}.`, compared]
  if (high < 0) return [`Not so far: chance earns more than what oO chooses, ${between}.`, compared]
  return [`No evidence yet: the difference lies ${between}.`, compared]
}

const signed = (value: number): string =>
  `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`.replace(/^[−+]0\.00$/, '0.00')

const during: Record<SilenceReason, string> = {
  paused: 'while you paused',
  nothing_connected: 'with nothing connected',
  nothing_open: 'with nothing open',
  all_resting: 'while everything rested',
  source_away: 'while your app did not answer',
  consent_missing: 'without your agreement',
  nothing_worth_it: 'with nothing worth it',
}

/** "Quiet 14 times today: 9 with nothing worth it, 5 while you paused." */
export function silenceSentence(silences: Insights['silence']['today'], when: string): string {
  const times = silences.reduce((sum, one) => sum + one.times, 0)
  if (times === 0) return `Never quiet ${when}.`
  const parts = silences.map(one => (silences.length > 1 ? `${one.times} ` : '') + during[one.reason])
  return `Quiet ${times === 1 ? 'once' : `${times} times`} ${when}: ${parts.join(', ')}.`
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`
