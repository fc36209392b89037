import { type Misfit, Problem } from '@oo/kernel'
import type { components } from '@oo/shared-types'
import type { Signed } from '@oo/shared-types/handlers'
import type { IntegrationsCtx } from '../context.ts'
import { parseTold, type Told } from '../signals/signal.ts'

type IngressType = components['schemas']['IngressType']
export type IngressSignal = Told & { type: IngressType }

/** `sentence` is what the person reads afterwards: words of oO's and a place, nothing of what was sent. */
type Parsed = { signals: readonly IngressSignal[] } | { problem: Problem; sentence: string }

export interface Sent {
  source: string
  signed: Signed
  /** Only to be asked where nothing is amiss. */
  signals: () => components['schemas']['IngressDelivery']['signals']
}

/** One that cannot be refuses all of them, and its place is named. */
export function parseSignals({ clock }: Pick<IntegrationsCtx, 'clock'>, { signed, signals }: Sent): Parsed {
  if (signed.misfit) return refusal(signed.misfit, signed.misfit.errors ?? [])
  const now = clock.now()
  const parsed = signals().map(({ measuredAt, ...signal }) => ({
    ...signal,
    ...(measuredAt !== undefined && { measuredAt: new Date(measuredAt) }),
  }))
  for (const [at, signal] of parsed.entries()) {
    try {
      parseTold(signal, { source: '', now })
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      const field = /future|old/.test(error.code) ? 'measuredAt' : 'value'
      const errors = [{ path: `body/signals/${at}/${field}`, message: error.title }]
      return refusal(new Problem({ ...error, title: error.title }, { cause: error, errors }), errors)
    }
  }
  return { signals: parsed }
}

function refusal(problem: Problem, [first]: readonly Misfit[]) {
  const sentence = `${first?.path ?? 'the body'} does not fit the contract.`
  return { problem, sentence }
}
