import { Problem, type ProblemShape, problems } from '@oo/kernel'
import { ConnectorTrouble } from './connectors/connector.ts'

export const errors = {
  unknownSource: problems.notFound,
  unavailable: {
    status: 503,
    code: 'source_unavailable',
    title: 'This instance has no credentials for this app; its operator can add them to the settings.',
  },
  notConnected: {
    status: 409,
    code: 'source_not_connected',
    title: 'This app is not connected, or oO may not read it; connect it again under Connect.',
  },
  reconnect: {
    status: 409,
    code: 'source_reconnect',
    title: 'The app no longer lets oO in; connect it again under Connect.',
  },
  hasForm: {
    status: 409,
    code: 'source_has_form',
    title: 'This app asks nobody on its own; connect it by its form under Connect.',
  },
  hasNoForm: {
    status: 409,
    code: 'source_has_no_form',
    title: 'This app asks you itself; begin under Connect.',
  },
  addressRefused: {
    status: 422,
    code: 'address_refused',
    title: 'What answers at this address is not what oO understands; check the address.',
  },
  passwordRefused: {
    status: 422,
    code: 'password_refused',
    title: 'The server does not accept this name with this password; check both, and use an app password.',
  },
  serverAway: {
    status: 503,
    code: 'server_away',
    title: 'The server does not answer right now; check the address, or try again in a moment.',
  },
  forged: {
    status: 401,
    code: 'forged',
    title: 'The signature does not fit the body; sign its exact bytes with the client secret.',
  },
  unsigned: {
    status: 401,
    code: 'forged',
    title:
      'There is no such source, or the signature does not fit; sign “{timestamp}.{delivery}.{body}” with the secret of the source.',
  },
  late: {
    status: 401,
    code: 'late',
    title: 'The timestamp is more than 5 minutes away from now; set the clock and sign anew.',
  },
  tooManySources: {
    status: 409,
    code: 'too_many_sources',
    title: 'These are 10 sources already; delete one first.',
  },
  away: {
    status: 503,
    code: 'source_away',
    title: 'The app does not answer right now; oO tries again by itself.',
  },
  consentMissing: {
    status: 403,
    code: 'consent_missing',
    title: 'oO may not keep this yet; agree to it under You, What you agreed to.',
  },
  unknownSignal: {
    status: 422,
    code: 'unknown_signal',
    title: 'oO knows no signal of this type; send mood, sleep, busy, place, visible or idle.',
  },
  signalOutOfRange: {
    status: 422,
    code: 'signal_out_of_range',
    title: 'The value of this signal is not in its range; the contract names it.',
  },
  signalFromFuture: {
    status: 422,
    code: 'signal_from_future',
    title: 'This was measured later than now, or at no moment at all; set the clock of what sends it.',
  },
  signalTooOld: {
    status: 422,
    code: 'signal_too_old',
    title: 'This was measured more than 31 days ago; send what is newer.',
  },
  tooManySignals: {
    status: 422,
    code: 'too_many_signals',
    title: 'These are too many signals at once; send at most 100.',
  },
} satisfies Record<string, ProblemShape>

const defaultWaitSeconds = 10

/** What another module sees of a trouble with a provider: whether and when a further try makes sense. */
export function problemOf(error: unknown): unknown {
  if (!(error instanceof ConnectorTrouble)) return error
  if (error.kind === 'revoked') return new Problem(errors.reconnect, { cause: error })
  const retryAfterSeconds = error.retryAfterSeconds ?? defaultWaitSeconds
  return new Problem(errors.away, { cause: error, retryAfterSeconds })
}
