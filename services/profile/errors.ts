import type { ProblemShape } from '@oo/kernel'

export const errors = {
  gone: {
    status: 404,
    code: 'account_gone',
    title: 'This account no longer exists; please sign in again.',
  },
  unknownZone: {
    status: 422,
    code: 'unknown_time_zone',
    title: 'oO does not know this time zone; send a name such as Europe/Berlin.',
  },
  pauseInPast: {
    status: 422,
    code: 'pause_in_past',
    title: 'This pause would already be over; choose a later moment.',
  },
  pauseTooLong: {
    status: 422,
    code: 'pause_too_long',
    title: 'A pause with an end lasts at most a year; leave the end out to pause until you resume.',
  },
  textChanged: {
    status: 409,
    code: 'consent_text_changed',
    title: 'The text of this purpose has changed; read it again, then agree.',
  },
  termsRequired: {
    status: 409,
    code: 'consent_required',
    title: 'oO cannot work without these terms; to withdraw, delete your account under “you”.',
  },
} satisfies Record<string, ProblemShape>
