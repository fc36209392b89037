// The only file that knows where ml lives. One call, one deadline; an answer that does not hold together counts
// as no answer, because a probability that is not true is worse than a uniform one that is.
import { type Clock, inSpan, type Log, traceParentOf } from '@oo/kernel'
import type { mlComponents } from '@oo/shared-types'
import { metrics } from '@opentelemetry/api'
import { Pool } from 'undici'
import { field } from './told.ts'

type ScoreRequest = mlComponents['schemas']['ScoreRequest']
export type ScoreResult = mlComponents['schemas']['ScoreResult']
export type RewardEvent = mlComponents['schemas']['RewardEvent']
export type MlInsights = mlComponents['schemas']['InsightsResult']
type InsightsRequest = mlComponents['schemas']['InsightsRequest']
type RewardRequest = mlComponents['schemas']['RewardRequest']

export interface Ml {
  /** Null when ml is late, dead or not making sense: the caller then falls back. */
  score(request: ScoreRequest): Promise<ScoreResult | null>
  /** Throws unless ml took all of them. `startOver`: it has not all that the log has. */
  reward(request: RewardRequest, signal: AbortSignal): Promise<{ startOver: boolean }>
  /** Null when ml is away: there is nothing to tell then. */
  insights(request: InsightsRequest): Promise<MlInsights | null>
  health(signal: AbortSignal): Promise<string | undefined>
  close(): Promise<void>
}

export interface MlSettings {
  url: string
  secret: string
  timeoutMs: number
}

const failuresToOpen = 5
const openForMs = 1_000
const rewardWithinMs = 5_000
const insightsWithinMs = 1_000

export function openMl(settings: MlSettings, { clock, log }: { clock: Clock; log: Log }): Ml {
  const pool = new Pool(settings.url, { connections: 16, connectTimeout: settings.timeoutMs, pipelining: 1 })
  const headers = { 'content-type': 'application/json', 'x-oo-secret': settings.secret }
  const traced = () => {
    const traceparent = traceParentOf()
    return traceparent ? { ...headers, traceparent } : headers
  }
  const unanswered = metrics.getMeter('oo').createCounter('ml_unanswered', {
    description: 'Decisions that ml did not answer in time, by reason',
  })
  let failures = 0
  let failedAt = 0
  let openUntil = 0

  const failed = (reason: string, error: unknown, beganAt: number): null => {
    // Those that one and the same stall held up are one failure, however many they are.
    if (beganAt >= failedAt) {
      failures += 1
      failedAt = performance.now()
    }
    if (failures >= failuresToOpen) openUntil = clock.now().getTime() + openForMs
    unanswered.add(1, { reason })
    log.warn({ err: error, reason }, 'ml did not answer; the fallback decides')
    return null
  }

  const score = async (request: ScoreRequest): Promise<ScoreResult | null> => {
    if (clock.now().getTime() < openUntil) return null
    const beganAt = performance.now()
    const { signal, clear } = deadline(settings.timeoutMs)
    try {
      const sent = {
        path: '/score',
        method: 'POST',
        headers: traced(),
        body: JSON.stringify(request),
        signal,
      } as const
      const { statusCode, body } = await pool.request(sent)
      if (statusCode !== 200) {
        await body.dump()
        return failed('status', new Error(`ml answered ${statusCode}`), beganAt)
      }
      const answer: unknown = await body.json()
      if (!isScoreOf(request, answer)) return failed('nonsense', new Error('ml answered nonsense'), beganAt)
      failures = 0
      return answer
    } catch (error) {
      return failed(signal.aborted ? 'late' : 'away', error, beganAt)
    } finally {
      clear()
    }
  }

  return {
    score: request => inSpan('call ml: score', { kind: 'client' }, () => score(request)),

    async reward(request, given) {
      const signal = AbortSignal.any([given, AbortSignal.timeout(rewardWithinMs)])
      const sent = {
        path: '/reward',
        method: 'POST',
        headers,
        body: JSON.stringify(request),
        signal,
      } as const
      const { statusCode, body } = await pool.request(sent)
      const answer: unknown = await body.json()
      if (statusCode !== 200) throw new Error(`ml answered ${statusCode}: ${String(field(answer, 'detail'))}`)
      return { startOver: field(answer, 'startOver') === true }
    },

    async insights(request) {
      const signal = AbortSignal.timeout(insightsWithinMs)
      const sent = {
        path: '/insights',
        method: 'POST',
        headers: traced(),
        body: JSON.stringify(request),
      } as const
      try {
        const { statusCode, body } = await pool.request({ ...sent, signal })
        const answer: unknown = await body.json()
        if (statusCode === 200 && isInsights(answer)) return answer
        log.warn({ statusCode }, 'ml did not tell what it learned')
      } catch (error) {
        log.warn({ err: error }, 'ml did not tell what it learned')
      }
      return null
    },

    async health(signal) {
      const { statusCode, body } = await pool.request({ path: '/health', method: 'GET', signal })
      const answer: unknown = await body.json()
      if (statusCode !== 200) throw new Error(`ml answered ${statusCode}`)
      const status = field(answer, 'status')
      return status === 'ok' ? undefined : 'ml runs, but not all of it; see its own /health.'
    },

    close: () => pool.close(),
  }
}

/** An answer that is here already when the time is over, because this process was busy, is still read. */
function deadline(ms: number): { signal: AbortSignal; clear(): void } {
  const late = new AbortController()
  const timer = setTimeout(() => setImmediate(() => late.abort()), ms)
  return { signal: late.signal, clear: () => clearTimeout(timer) }
}

const isNumbers = (value: unknown, length: number): value is number[] =>
  Array.isArray(value) && value.length === length && value.every(Number.isFinite)

/** Held to its shape where it is read; every field of it is a number, a flag or a name. */
function isInsights(answer: unknown): answer is MlInsights {
  const learned = field(answer, 'learned')
  const personalised = field(answer, 'personalised')
  if (!Number.isInteger(field(answer, 'rewards')) || !Array.isArray(learned)) return false
  if (!Number.isInteger(field(personalised, 'moments')) || !Number.isInteger(field(personalised, 'atRandom')))
    return false
  const figures = ['difference', 'low', 'high'].map(name => field(personalised, name))
  if (!figures.every(Number.isFinite) && figures.some(figure => figure !== undefined)) return false
  return learned.every(
    one =>
      typeof field(one, 'name') === 'string' &&
      typeof field(one, 'isMore') === 'boolean' &&
      Number.isFinite(field(one, 'certainty')),
  )
}

function isScoreOf({ candidates, trigger }: ScoreRequest, answer: unknown): answer is ScoreResult {
  const probabilities = field(answer, 'probabilities')
  const chosen = field(answer, 'chosen')
  const features = field(answer, 'features')
  const values = field(features, 'values')
  const names = field(features, 'names')
  const contributions = field(answer, 'contributions')
  if (!isNumbers(probabilities, candidates.length) || !isNumbers(field(answer, 'scores'), candidates.length))
    return false
  if (!Array.isArray(names) || !Array.isArray(values) || values.length !== candidates.length) return false
  if (!Array.isArray(contributions) || contributions.length !== candidates.length) return false
  if (![...values, ...contributions].every(row => isNumbers(row, names.length))) return false
  if (typeof field(answer, 'policy') !== 'string' || typeof field(answer, 'version') !== 'string')
    return false
  if (!Array.isArray(field(answer, 'shadows'))) return false
  const sum = probabilities.reduce((total, p) => total + p, 0)
  if (candidates.length > 0 && (Math.abs(sum - 1) > 1e-6 || probabilities.some(p => p < 0))) return false
  const sends = field(answer, 'sendProbability')
  const isChance = typeof sends === 'number' && sends >= 0 && sends <= 1
  if (trigger === 'push' && (!isChance || (chosen !== null && sends === 0))) return false
  if (chosen === null) return typeof field(answer, 'silence') === 'string'
  const at = candidates.findIndex(candidate => candidate.id === chosen)
  return at >= 0 && (probabilities[at] ?? 0) > 0
}
