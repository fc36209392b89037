// What oO asks for, one text a purpose. Who changes a text gives it a new version: an answer counts for the
// text it was given to, so everyone is asked again. Of pooling ml hears it by a migration, before its next fit.
import type { Purpose } from '@oo/shared-types'
import { termsVersion } from '@oo/shared-types/terms'

export interface PurposeText {
  title: string
  text: string
  version: string
  /** oO cannot work without it; the way to withdraw is to delete the account. */
  required: boolean
}

export const purposes: Record<Purpose, PurposeText> = {
  terms: {
    title: 'Terms and privacy',
    text: 'oO keeps your name, your e-mail address, your settings and how you react to its tips, and uses them to choose your next tip. The terms and the privacy page say the rest.',
    version: termsVersion,
    required: true,
  },
  sync: {
    title: 'Read the apps you connect',
    text: 'oO reads your open tasks when it needs them and completes a task when you say done. Once, when you connect an app, it reads when you completed tasks in the last 90 days and counts them by hour. It keeps ids and numbers computed from them; of their text it keeps only the tip in front of you, sealed, until that tip ends.',
    version: '2026-11-22',
    required: false,
  },
  llm: {
    title: 'Tips written by a language model',
    text: 'oO sends a short summary of your day to the language model that this instance is set up with, and keeps the tips it writes, sealed with your own key.',
    version: '2026-11-20',
    required: false,
  },
  push: {
    title: 'Messages on your devices',
    text: 'oO may send you a tip when its moment comes, never in your quiet hours. The message travels encrypted through the push service of your browser.',
    version: '2026-11-20',
    required: false,
  },
  pooling: {
    title: 'Learn together',
    text: "Every night, where at least five people agree, oO works out from what it learned about them what usually suits people and which of oO's own tips they made something of, and starts with that for everyone. Only numbers go in, never a text or a name. If you leave, it is worked out again without you by the next night at the latest, and what you were in is deleted.",
    version: '2026-11-22',
    required: false,
  },
  calendar: {
    title: 'Know when you are free',
    text: 'oO looks at when you are busy and for how long you are free, so that a tip fits the time you have. It keeps from when until when you are busy, for a month ahead, and never asks what an appointment is called.',
    version: '2026-11-22',
    required: false,
  },
  mood: {
    title: 'Know how you feel',
    text: 'Where you note how you feel, oO offers something gentle when that is low. It keeps the number you noted, never words.',
    version: '2026-11-21',
    required: false,
  },
  sleep: {
    title: 'Know how you slept',
    text: 'Where a device of yours tells how you slept, oO holds back what takes effort after a bad night. It keeps a number of it.',
    version: '2026-11-21',
    required: false,
  },
  presence: {
    title: 'Know whether you are there',
    text: 'Where a device of yours tells whether you are at it, and at which of your places, oO can tell a good moment from a bad one. It keeps the last of each: a yes or no, a number of seconds and the id of a place, never where that is.',
    version: '2026-11-22',
    required: false,
  },
}

/** In the order in which a person reads them. */
export const consentOrder = ['terms', 'sync', 'llm', 'push', 'pooling'] as const satisfies readonly Purpose[]
/** What oO may know of the moment: what the features that read it declare (`ml/features`), and presence. */
export const senseOrder = ['calendar', 'mood', 'sleep', 'presence'] as const satisfies readonly Purpose[]
export const purposeOrder: readonly Purpose[] = [...consentOrder, ...senseOrder]

/** Whether an answer is a yes to the text that is asked for now. */
export const counts = (answer: { purpose: Purpose; version: string; granted: boolean }): boolean =>
  answer.granted && answer.version === purposes[answer.purpose].version
