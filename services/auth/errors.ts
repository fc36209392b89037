import type { ProblemShape } from '@oo/kernel'

export const authProblems = {
  unknownProvider: {
    status: 404,
    code: 'unknown_provider',
    title: 'There is no such way to sign in here; choose one on the sign-in page.',
  },
  tokenOff: {
    status: 404,
    code: 'token_off',
    title: 'Signing in by token is off here; set ADMIN_TOKEN and restart oO to switch it on.',
  },
  wrongToken: { status: 401, code: 'wrong_token', title: 'This is not the admin token of this instance.' },
  tokenLocked: {
    status: 429,
    code: 'token_locked',
    title: 'Too many wrong tokens; wait a minute, then try again.',
  },
  noSession: {
    status: 404,
    code: 'no_such_session',
    title: 'You are not signed in there any more; reload the list.',
  },
  noReceipt: {
    status: 404,
    code: 'no_such_receipt',
    title:
      'There is no such receipt; compare its number with the one you were given. Receipts stay one year.',
  },
  ledgerAway: {
    status: 503,
    code: 'erasure_not_recorded',
    title:
      'A deletion cannot be confirmed at the moment, because the ledger of deletions cannot be written; try again in a minute.',
  },
  personGone: { status: 410, code: 'person_gone', title: 'This account has been deleted.' },
  beingDeleted: {
    status: 409,
    code: 'being_deleted',
    title: 'This account is already being deleted; the receipt you were given tells how far it is.',
  },
} satisfies Record<string, ProblemShape>
