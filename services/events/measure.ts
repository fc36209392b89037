import type { Ctx } from '@oo/kernel'
import { type BatchObservableResult, metrics } from '@opentelemetry/api'
import { dayCount } from './store/days.ts'
import { readLags } from './store/places.ts'

export interface Measures {
  applied(subscriber: string, events: number): void
  stop(): void
}

/** How the log and those who hear from it are doing, for /metrics; read when somebody asks. */
export function startMeasuring(ctx: Pick<Ctx, 'db' | 'clock' | 'log'>): Measures {
  const meter = metrics.getMeter('oo')
  const gauge = (name: string, description: string) => meter.createObservableGauge(name, { description })
  const applied = meter.createCounter('events_applied', {
    description: 'Events applied or taken, by subscriber',
  })
  const seconds = gauge('events_lag_seconds', 'Age of the oldest event a subscriber has not applied')
  const events = gauge('events_lag', 'Events a subscriber has not applied, up to 100,000')
  const held = gauge('events_held', 'Events that wait for another try, or behind one')
  const dead = gauge('events_dead', 'Events that were given up')
  const days = gauge('events_partitions', 'Days of the event log that have a partition of their own')
  const all = [seconds, events, held, dead, days]

  const observe = async (result: BatchObservableResult) => {
    try {
      const now = ctx.clock.now().getTime()
      for (const lag of await readLags(ctx.db)) {
        const of = { subscriber: lag.subscriber }
        result.observe(seconds, lag.oldestAt ? Math.max(0, now - lag.oldestAt.getTime()) / 1_000 : 0, of)
        result.observe(events, lag.events, of)
        result.observe(held, lag.held, of)
        result.observe(dead, lag.dead, of)
      }
      result.observe(days, await dayCount(ctx.db))
    } catch (error) {
      ctx.log.warn({ err: error }, 'the event log could not be measured')
    }
  }
  meter.addBatchObservableCallback(observe, all)
  return {
    applied: (subscriber, count) => applied.add(count, { subscriber }),
    stop: () => meter.removeBatchObservableCallback(observe, all),
  }
}
