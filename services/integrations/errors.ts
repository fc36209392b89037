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
  forged: {
    status: 401,
    code: 'forged',
    title: 'The signature does not fit the body; sign its exact bytes with the client secret.',
  },
  away: {
    status: 503,
    code: 'source_away',
    title: 'The app does not answer right now; oO tries again by itself.',
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
