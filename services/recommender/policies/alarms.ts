// What warns of the engine: what the judge in ml found, and that it found nothing because it has not finished for long.
import type { HealthPart, Log } from '@oo/kernel'
import { type BatchObservableResult, metrics } from '@opentelemetry/api'
import type { RecommenderCtx } from '../context.ts'
import { type PolicyAlarmRow, readAlarms, readLatestFindings } from '../store/policies.ts'
import { type Findings, readFindings } from './figures.ts'

/** It looks every hour: twice may fail, or be stopped as too late. */
const longestSilenceMs = 3 * 3_600_000

/** Every name an alarm has; figures of each, so that none is only there once it is too late. */
const kinds = [
  ...['features', 'predictions', 'rewards', 'propensities', 'collapse', 'one_kind', 'sample_ratio'],
  'judge_silent',
] as const

export interface AlarmCtx {
  db: RecommenderCtx['db']
  clock: RecommenderCtx['clock']
  log: Log
  /** Nobody could have judged before this process was there to wait for it. */
  began: Date
}

type Standing = Pick<PolicyAlarmRow, 'kind' | 'subject' | 'about' | 'since'>

export function silenceOf(ctx: Pick<AlarmCtx, 'clock' | 'began'>, findings: Findings | null): Standing[] {
  const now = ctx.clock.now()
  const last = findings && findings.at > ctx.began ? findings.at : ctx.began
  if (now.getTime() - last.getTime() <= longestSilenceMs) return []
  const about = `The judge of the decision log has not finished since ${(findings?.at ?? ctx.began).toISOString()}: nobody would hear of drift or of a log that is not true. The log of ml says why.`
  return [{ kind: 'judge_silent', subject: 'all', about, since: now }]
}

/** As told, and the silence of the judge even before the next round tells it. */
async function standing(ctx: AlarmCtx): Promise<Standing[]> {
  const [told, findings] = await Promise.all([readAlarms(ctx.db), readLatestFindings(ctx.db)])
  const isTold = told.some(({ kind }) => kind === 'judge_silent')
  return isTold ? told : [...told, ...silenceOf(ctx, readFindings(findings))]
}

export const judgeHealth = (ctx: AlarmCtx): HealthPart => ({
  name: 'judge',
  check: async () => (await standing(ctx)).find(({ kind }) => kind === 'judge_silent')?.about,
})

/** Until the returned function is called. */
export function measureAlarms(ctx: AlarmCtx): () => void {
  const meter = metrics.getMeter('oo')
  const alarms = meter.createObservableGauge('policy_alarms', {
    description: 'Alarms of the decision engine that stand, by kind',
  })
  const observe = async (result: BatchObservableResult) => {
    try {
      const found = await standing(ctx)
      for (const kind of kinds)
        result.observe(alarms, found.filter(alarm => alarm.kind === kind).length, { kind })
    } catch (error) {
      ctx.log.warn({ err: error }, 'the alarms of the decision engine could not be measured')
    }
  }
  meter.addBatchObservableCallback(observe, [alarms])
  return () => meter.removeBatchObservableCallback(observe, [alarms])
}
