// P1: every request is a new decision, on the real path. A person's tip is ended over the owner's connection shortly
// after it was given, exactly as a reaction ends it (but the item does not rest), so their next request decides anew.
// What is counted is not answers but decisions in the log that ml made.
import { setTimeout as delay } from 'node:timers/promises'
import type pg from 'pg'
import { type Bench, lapOf, peerLap, takeTurns } from './bench.ts'
import { cpuPerRequest, readCpu } from './cpu.ts'
import type { Lap } from './load.ts'
import { askEveryone, recommendAs, shareOf } from './people.ts'
import { bar, milliseconds, perSecond, type Row, timesBare, timesNaive } from './row.ts'
import { median, medianRatio } from './statistics.ts'

interface Decisions extends Lap {
  /** Answers that were no new decision: the last tip had not been ended yet. */
  old: number
  /** Decisions ml did not make in time; they are not counted. */
  fallback: number
  cpuUs: Record<string, number>
}

const goals = [
  { connections: 16, goal: 0.1 },
  { connections: 64, goal: 0.13 },
]
const must = { bare: 0.06, naive: 4 }
const goalNaive = 6
const endEveryMs = 20
const pids = { bench: process.pid }

export async function measureNewDecisions(bench: Bench): Promise<Row[]> {
  const rows: Row[] = []
  for (const { connections, goal } of goals) rows.push(await measureAt(bench, connections, goal))
  return rows
}

async function measureAt(bench: Bench, connections: number, goal: number): Promise<Row> {
  const { signal } = bench
  const [bare, naive] = [await bench.bare(), await bench.naive()]
  const { instance, people } = await bench.instance()
  const asks = (at: number) => shareOf(people, at, connections).map(recommendAs)
  const decisions = async (lapSeconds: number): Promise<Decisions> => {
    const ender = endTips(instance.owner)
    try {
      const before = await countDecisions(instance.owner)
      const cpu = readCpu({ ...instance.pids, ...pids })
      const lap = await lapOf(instance.url, { connections, seconds: lapSeconds, signal }, asks)
      const after = await countDecisions(instance.owner)
      const made = after.byMl - before.byMl
      const fallback = after.fallback - before.fallback
      const cpuUs = cpuPerRequest(cpu, readCpu({ ...instance.pids, ...pids }), made + fallback)
      const old = Math.max(0, lap.answered - made - fallback)
      return { ...lap, perSecond: made / lap.seconds, old, fallback, cpuUs }
    } finally {
      await ender.stop()
    }
  }
  // A person's first answer ever is written alone; what is measured is everyone's next.
  await askEveryone(instance.url, people, signal)
  bench.say(`… P1 with ${connections} connections: bare, naive, oO`)
  const all: Decisions[] = []
  const ourLap = async (lapSeconds: number): Promise<Lap> => {
    const lap = await decisions(lapSeconds)
    all.push(lap)
    return lap
  }
  const turns = [peerLap(bare, connections, signal), peerLap(naive, connections, signal), ourLap]
  const [bareLaps = [], naiveLaps = [], ourLaps = []] = await takeTurns(bench, turns)
  // The first one was the warm-up.
  const ours = all.slice(1)

  const rate = (laps: Lap[]) => laps.map(lap => lap.perSecond)
  const ofBare = medianRatio(rate(ourLaps), rate(bareLaps))
  const ofNaive = medianRatio(rate(ourLaps), rate(naiveLaps))
  const bars = (bareBar: number, naiveBar: number) =>
    bar(
      { text: `≥ ${timesBare(bareBar)}`, met: ofBare >= bareBar },
      { text: `≥ ${timesNaive(naiveBar)}`, met: ofNaive >= naiveBar },
    )
  return {
    id: 'P1',
    what: `recommend, a new decision each, c=${connections}`,
    figure: perSecond(median(rate(ourLaps))),
    ratio: `${timesBare(ofBare)}, ${timesNaive(ofNaive)}`,
    must: bars(must.bare, must.naive),
    goal: bars(goal, goalNaive),
    laps: { bare: bareLaps, naive: naiveLaps, oO: ours },
    notes: notesOf(ours, bareLaps, naiveLaps),
  }
}

function notesOf(ours: Decisions[], bareLaps: Lap[], naiveLaps: Lap[]): string[] {
  const sum = (of: (lap: Decisions) => number) => ours.reduce((total, lap) => total + of(lap), 0)
  const answered = sum(lap => lap.answered)
  const share = (count: number) => `${((100 * count) / answered).toFixed(1)} %`
  const names = Object.keys(ours[0]?.cpuUs ?? {})
  const cpu = names.map(name => `${name} ${Math.round(median(ours.map(lap => lap.cpuUs[name] ?? 0)))}`)
  return [
    `bare ${perSecond(median(bareLaps.map(lap => lap.perSecond)))}, naive ${perSecond(median(naiveLaps.map(lap => lap.perSecond)))}; p50 ${milliseconds(median(ours.map(lap => lap.p50Ms)))}, p99 ${milliseconds(median(ours.map(lap => lap.p99Ms)))}`,
    `not counted: ${share(sum(lap => lap.old))} answered by a tip not yet ended, ${share(sum(lap => lap.fallback))} decided by the fallback because ml was late, ${sum(lap => lap.failed)} failed`,
    `CPU per decision in µs: ${cpu.join(', ')}`,
  ]
}

async function countDecisions(owner: pg.Client): Promise<{ byMl: number; fallback: number }> {
  const { rows } = await owner.query<{ policy: string; count: number }>(
    'SELECT policy, count(*)::int AS count FROM recommender.decisions WHERE chosen IS NOT NULL GROUP BY policy',
  )
  const count = (wanted: (policy: string) => boolean) =>
    rows.filter(row => wanted(row.policy)).reduce((total, row) => total + row.count, 0)
  return {
    byMl: count(policy => policy !== 'fallback'),
    fallback: count(policy => policy === 'fallback'),
  }
}

/** A tip of the last moments stays, so that no request finds its own answer gone. */
function endTips(owner: pg.Client): { stop(): Promise<void> } {
  const aborter = new AbortController()
  const run = async () => {
    await owner.query('SET enable_seqscan = off')
    // It tells api what it ended, and such commits wait for each other: none of ours for this one's disk.
    await owner.query('SET synchronous_commit = off')
    while (!aborter.signal.aborted) {
      await owner.query(
        `WITH ended AS (
           UPDATE recommender.tips SET ended_at = now(), end_reason = 'bench', sealed = NULL
            WHERE ended_at IS NULL AND created_at < now() - interval '${endEveryMs} ms'
           RETURNING person_id
         ), told AS (
           SELECT string_agg(person_id::text, ' ') AS ids, row_number() OVER () / 100 AS part FROM ended GROUP BY person_id
         )
         SELECT pg_notify('oo_changes', E'bench\\nrecommender.answer ' || string_agg(ids, ' '))
           FROM told GROUP BY part`,
      )
      await delay(endEveryMs)
    }
    await owner.query('RESET enable_seqscan')
    await owner.query('RESET synchronous_commit')
  }
  const running = run()
  // Told to whoever stops it; until then a lost connection must not end the bench without its cleaning up.
  running.catch(() => {})
  return {
    async stop() {
      aborter.abort()
      await running
    },
  }
}
