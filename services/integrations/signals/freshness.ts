// How old what is known is, against how old it may be: for /metrics and the console, over everyone, naming nobody.
import { type BatchObservableResult, metrics } from '@opentelemetry/api'
import type { IntegrationsCtx } from '../context.ts'
import type { Freshness } from '../door.ts'
import { agesOfReads, agesOfSignals } from './ages.ts'
import { allSignalTypes, signalTypes } from './signal.ts'

type Given = Pick<IntegrationsCtx, 'db' | 'clock' | 'log' | 'sources'>

/** What is in connected apps was read no longer ago: one interval of looks, and half of it to spare. */
const reads = [
  { type: 'tasks', app: 'tasks', targetMs: 15 * 60_000 },
  { type: 'calendars', app: 'calendar', targetMs: 15 * 60_000 },
] as const

export async function readFreshness({ db, clock, sources }: Omit<Given, 'log'>): Promise<Freshness[]> {
  const now = clock.now()
  const targets = allSignalTypes.map(type => ({ type, ms: signalTypes[type].targetAgeMs }))
  const targetOf = new Map<string, number>(targets.map(({ type, ms }) => [type, ms]))
  const ages = await agesOfSignals(db, { now, targets })
  for (const { type, app, targetMs } of reads) {
    targetOf.set(type, targetMs)
    const providers = [...sources.values()].flatMap(({ about, connector }) =>
      connector?.[app] ? [about.id] : [],
    )
    ages.push(...(await agesOfReads(db, { type, providers, now, targetMs })))
  }
  return ages.map(({ type, kind, people, within, medianMs, oldestMs }) => ({
    ...{ type, kind, people },
    within: people === 0 ? 0 : within / people,
    medianAgeMs: medianMs,
    oldestAgeMs: oldestMs,
    targetAgeMs: targetOf.get(type) ?? 0,
  }))
}

/** However often somebody scrapes, it is read no more often than this. */
const keptMs = 15_000

/** Until the returned function is called. */
export function measureFreshness(ctx: Given): () => void {
  const meter = metrics.getMeter('oo')
  const gauge = (name: string, description: string) => meter.createObservableGauge(name, { description })
  const people = gauge(
    'signal_people',
    'People of whom something of this type is known, in a sample of about 20,000',
  )
  const within = gauge('signal_within_target', 'The share of them whose newest is within its target age')
  const median = gauge('signal_age_median_seconds', 'How old the newest is, for half of them')
  const oldest = gauge('signal_age_oldest_seconds', 'How old the newest is, for the worst of them')
  const target = gauge('signal_age_target_seconds', 'How old it may be')
  const all = [people, within, median, oldest, target]
  let last: { atMs: number; reading: Promise<Freshness[]> } | undefined

  const observe = async (result: BatchObservableResult) => {
    try {
      const atMs = ctx.clock.now().getTime()
      if (!last || Math.abs(atMs - last.atMs) >= keptMs) last = { atMs, reading: readFreshness(ctx) }
      for (const fresh of await last.reading) {
        const of = { type: fresh.type, source_kind: fresh.kind }
        result.observe(people, fresh.people, of)
        result.observe(within, fresh.within, of)
        result.observe(median, fresh.medianAgeMs / 1_000, of)
        result.observe(oldest, fresh.oldestAgeMs / 1_000, of)
        result.observe(target, fresh.targetAgeMs / 1_000, of)
      }
    } catch (error) {
      ctx.log.warn({ err: error }, 'how fresh signals are could not be measured')
    }
  }
  meter.addBatchObservableCallback(observe, all)
  return () => meter.removeBatchObservableCallback(observe, all)
}
