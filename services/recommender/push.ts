// What the notifier asks before it interrupts anybody, and what it is told.
import type { SilenceReason, Tip } from '@oo/shared-types'

/** Rules that no policy learns. Quiet hours, gap and cap only the notifier can know; the others are looked at here. */
export type PushRule = 'quiet_hours' | 'busy' | 'gap' | 'cap' | 'paused' | 'consent_missing' | 'pending'

/** Also: worth less than waiting; ml did not say what it is worth; another answer came in between. */
export type PushSilence = SilenceReason | PushRule | 'not_worth_an_interruption' | 'ml_away' | 'overtaken'

export interface AskedPush {
  personId: string
  /** Of today's budget, and the opportunities that are left for them, this one among them. */
  sendsLeft: number
  opportunitiesLeft: number
  /** Minutes between them; half an hour where it is not told. */
  everyMin?: number
  /** The rule of the notifier's own that forbids it now: nothing is weighed then, and it is logged. */
  barredBy?: Extract<PushRule, 'quiet_hours' | 'busy' | 'gap'>
}

export type PushDecision =
  | { decisionId: string; tip: Tip; sendProbability: number }
  | { decisionId: string; tip: null; silence: PushSilence }
