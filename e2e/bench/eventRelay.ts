// P10: from the outbox to a consumer whose effect is one row an event, which takes batches or one event at a time. The
// limit each is held against is the same rows, by the same statements, from a bare loop that reads no log and keeps no
// place. Then the lag while 1,000 events a second are appended, each in a transaction of its own.
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createEvents, type EventsParts } from '@oo/events'
import {
  type Ctx,
  closePool,
  onCommit,
  openPool,
  silentLog,
  systemClock,
  systemRandom,
  type Tx,
  transaction,
} from '@oo/kernel'
import { startPostgres } from '@oo/local'
import type { Envelope } from '@oo/shared-types/events'
import { type Bench, takeTurns } from './bench.ts'
import { migrate } from './instance.ts'
import { bar, milliseconds, perSecond, type Row } from './row.ts'
import { median, medianRatio, percentile } from './statistics.ts'

const must = { perSecond: 5_000, lagMs: 1_000 }
const goal = { perSecond: 20_000 }
const batch = 500
const people = Array.from({ length: 1_000 }, () => crypto.randomUUID())
const appendedAtOnce = 1_000
const lagRate = 1_000
const lagConnections = 8
const firstGuessPerSecond = 8_000

/** What a consumer does with what it is given. */
const forms = {
  batches: {
    what: 'relay: outbox → a consumer that takes batches',
    text: 'INSERT INTO events.bench SELECT * FROM unnest($1::uuid[])',
  },
  oneByOne: {
    what: 'relay: outbox → a consumer that takes one event at a time',
    text: 'INSERT INTO events.bench VALUES ($1)',
  },
}
type Form = keyof typeof forms

interface Lap {
  perSecond: number
  events: number
}

export async function measureEventRelay(bench: Bench): Promise<Row[]> {
  const { signal, processes } = bench
  bench.say('… P10: a database of its own')
  const opening = startPostgres({ dataDir: join(processes.folder, 'relay') })
  const postgres = await processes.open(opening, opened => opened.stop())
  await migrate(postgres.url('oo_owner'), signal)
  const db = openPool(postgres.url('oo_api'), { log: silentLog, name: 'relay', max: lagConnections + 6 })
  processes.keep(() => closePool(db))
  const owner = openPool(postgres.url('oo_owner'), { log: silentLog, name: 'owner', max: 1 })
  processes.keep(() => closePool(owner))
  await owner.$client.query('CREATE TABLE events.bench (id uuid); GRANT ALL ON events.bench TO oo_api')
  const jobs = { enqueue: async () => {}, enqueueAll: async () => {} }
  const ctx: Ctx = { db, clock: systemClock, random: systemRandom, log: silentLog, jobs }
  return [await measureForm(bench, ctx, 'batches'), await measureForm(bench, ctx, 'oneByOne')]
}

async function measureForm(bench: Bench, ctx: Ctx, form: Form): Promise<Row> {
  const { signal } = bench
  let rate = firstGuessPerSecond

  const bare = async (seconds: number): Promise<Lap> => {
    const until = performance.now() + seconds * 1_000
    const from = performance.now()
    let events = 0
    while (performance.now() < until) {
      signal.throwIfAborted()
      const ids = Array.from({ length: batch }, () => crypto.randomUUID())
      await transaction(ctx.db, async tx => {
        if (form === 'batches') await writeRows(tx, form, ids)
        else for (const id of ids) await writeRows(tx, form, id)
      })
      events += batch
    }
    return lapOf(events, from)
  }
  const ours = async (seconds: number): Promise<Lap> => {
    const wanted = Math.ceil((rate * seconds) / appendedAtOnce) * appendedAtOnce
    const before = await consuming(ctx, form, () => {})
    await before.module.stop?.()
    await fill(ctx, wanted)
    let applied = 0
    const from = performance.now()
    const events = await consuming(ctx, form, () => {
      applied += 1
    })
    try {
      while (applied < wanted) await delay(2, undefined, { signal })
    } finally {
      await events.module.stop?.()
    }
    const lap = lapOf(wanted, from)
    rate = lap.perSecond
    return lap
  }
  const { what } = forms[form]
  bench.say(`… P10: ${what}, and bare`)
  const [bareLaps = [], laps = []] = await takeTurns(bench, [bare, ours])
  bench.say(`… P10: ${lagRate} events a second for ${bench.seconds} s`)
  const lags = await measureLag(ctx, bench, form)

  const rates = (of: Lap[]) => of.map(lap => lap.perSecond)
  const figure = median(rates(laps))
  const worst = percentile(lags, 1)
  return {
    id: 'P10',
    what,
    figure: `${perSecond(figure)}, lag p99 ${milliseconds(percentile(lags, 0.99))} at ${lagRate}/s`,
    ratio: `${Number(medianRatio(rates(laps), rates(bareLaps)).toPrecision(2))} × bare rows`,
    must: bar(
      { text: `≥ ${perSecond(must.perSecond)}`, met: figure >= must.perSecond },
      { text: `lag ≤ ${must.lagMs / 1_000} s`, met: worst <= must.lagMs },
    ),
    goal: bar({ text: `≥ ${perSecond(goal.perSecond)}`, met: figure >= goal.perSecond }),
    laps: { bare: bareLaps, oO: laps },
    notes: [
      `bare ${perSecond(median(rates(bareLaps)))}; laps of ${laps.map(lap => lap.events).join(', ')} events of ${people.length} people`,
      `lag from when an append is due to its effect's commit: p50 ${milliseconds(median(lags))}, p99 ${milliseconds(percentile(lags, 0.99))}, at most ${milliseconds(worst)}, over ${lags.length} events at ${perSecond(lags.length / bench.seconds)}`,
    ],
  }
}

const lapOf = (events: number, from: number): Lap => ({
  events,
  perSecond: (events / (performance.now() - from)) * 1_000,
})

const writeRows = (tx: Tx, form: Form, value: string | string[]) =>
  tx.$client.query({ name: `bench.${form}`, text: forms[form].text, values: [value] })

/** A process's log with the one consumer; `applied` is called once an effect is committed. */
async function consuming(ctx: Ctx, form: Form, applied: (tip: string) => void): Promise<EventsParts> {
  const events = createEvents(ctx)
  const told = (tx: Tx, { payload }: Envelope) => {
    if (payload.case === 'tipShown') onCommit(tx, () => applied(payload.value.tipId))
  }
  const named = { name: `bench.${form}`, subjects: ['signals.tip.shown'] } as const
  events.door.subscribe(
    form === 'batches'
      ? {
          ...named,
          async handleAll(tx, batch) {
            const ids = batch.map(({ id }) => id)
            await writeRows(tx, form, ids)
            for (const event of batch) told(tx, event)
          },
        }
      : {
          ...named,
          async handle(tx, event) {
            await writeRows(tx, form, event.id)
            told(tx, event)
          },
        },
  )
  await events.module.start?.()
  return events
}

const happening = (at: number) => {
  const value = { tipId: crypto.randomUUID(), decisionId: crypto.randomUUID() }
  return { personId: people[at % people.length] ?? null, happened: { case: 'tipShown', value } as const }
}

async function fill(ctx: Ctx, count: number): Promise<void> {
  const { door } = createEvents(ctx)
  for (let written = 0; written < count; written += appendedAtOnce)
    await transaction(ctx.db, tx =>
      door.appendAll(
        tx,
        Array.from({ length: appendedAtOnce }, (_, at) => happening(at)),
      ),
    )
}

/** Milliseconds from when each append was due to its committed effect, at a steady rate that waits for nobody. */
async function measureLag(ctx: Ctx, bench: Bench, form: Form): Promise<number[]> {
  const lags: number[] = []
  const dueAt = new Map<string, number>()
  const events = await consuming(ctx, form, tip =>
    lags.push(performance.now() - (dueAt.get(tip) ?? Number.NaN)),
  )
  const total = lagRate * bench.seconds
  const start = performance.now()
  let next = 0
  const write = async () => {
    for (let at = next++; at < total; at = next++) {
      const due = start + (at / lagRate) * 1_000
      if (due > performance.now()) await delay(due - performance.now(), undefined, { signal: bench.signal })
      const { personId, happened } = happening(at)
      dueAt.set(happened.value.tipId, due)
      await transaction(ctx.db, tx => events.door.append(tx, personId, happened))
    }
  }
  try {
    await Promise.all(Array.from({ length: lagConnections }, write))
    while (lags.length < total) await delay(2, undefined, { signal: bench.signal })
  } finally {
    await events.module.stop?.()
  }
  return lags
}
