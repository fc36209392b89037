// P5: from sending a reaction until the person's posterior, as the next decision will read it, has changed. One person
// after the other, alone and while others react at a steady rate.
import { setTimeout as delay } from 'node:timers/promises'
import type pg from 'pg'
import type { Bench } from './bench.ts'
import type { Instance } from './instance.ts'
import type { Ask } from './load.ts'
import { askEveryone, type Person } from './people.ts'
import { reactAs } from './reactions.ts'
import { bar, milliseconds, type Row } from './row.ts'
import { percentile } from './statistics.ts'
import { writeTips } from './tips.ts'

const mustMs = 1_000
const goalMs = 200
const perRow = 200
const othersPerSecond = 100
const watched = 40
const withinMs = 15_000
const kinds = ['helpful', 'not_helpful', 'dismiss']

interface Watched {
  person: Person
  id: string
  tips: string[]
}

export async function measureLearned(bench: Bench): Promise<Row[]> {
  const { instance, people } = await bench.instance()
  const answers = await askEveryone(instance.url, people, bench.signal)
  const decisions = new Map([...answers].map(([person, { decisionId }]) => [decisionId, person]))
  const all = await peopleWithTips(instance.owner, decisions)
  const [ones, others] = [all.slice(0, watched), all.slice(watched)]
  bench.say('… P5: a reaction until it is learned, alone and among others')
  await oneAfterTheOther(bench, instance, ones, watched)
  const alone = await oneAfterTheOther(bench, instance, ones, perRow)
  const crowd = startCrowd(instance.url, others)
  const among = await oneAfterTheOther(bench, instance, ones, perRow).finally(() => crowd.stop())
  return [
    rowOf('reaction → posterior, alone', alone, []),
    rowOf(`reaction → posterior, while others react ${othersPerSecond}/s`, among, [
      `others: ${crowd.count()} reactions, ${crowd.failed()} failed`,
    ]),
  ]
}

/** Only decisions that ml made: others teach nothing. */
async function peopleWithTips(owner: pg.Client, decisions: ReadonlyMap<string, Person>): Promise<Watched[]> {
  const { rows } = await owner.query<{ id: string; person: string }>(
    `SELECT id, person_id AS person FROM recommender.decisions WHERE id = ANY($1) AND cardinality(feature_names) > 0`,
    [[...decisions.keys()]],
  )
  const tips = await writeTips(
    owner,
    rows.map(({ id }) => id),
    60,
  )
  return rows.flatMap(({ id, person }) => {
    const of = decisions.get(id)
    return of ? [{ person: of, id: person, tips: (tips.get(id) ?? []).map(({ tip }) => tip) }] : []
  })
}

async function oneAfterTheOther(
  { signal }: Bench,
  { url, owner }: Instance,
  ones: readonly Watched[],
  count: number,
): Promise<number[]> {
  const times: number[] = []
  for (let at = 0; at < count; at++) {
    signal.throwIfAborted()
    const one = ones[at % ones.length]
    const tip = one?.tips.pop()
    if (!one || !tip) throw new Error('there are not enough people with tips')
    const before = await posterior(owner, one.id)
    const began = performance.now()
    await send(url, reactAs(one.person, tip, kinds[at % kinds.length] ?? ''))
    while ((await posterior(owner, one.id)) === before) {
      if (performance.now() - began > withinMs) throw new Error('a reaction was not learned in time')
      await delay(1)
    }
    times.push(performance.now() - began)
    // Not in step with anything that wakes at whole intervals.
    await delay(Math.random() * 40)
  }
  return times
}

/** The very row that `/score` reads. */
async function posterior(owner: pg.Client, personId: string): Promise<string> {
  const { rows } = await owner.query<{ check: string }>({
    name: 'bench.posterior',
    text: `SELECT encode(checksum, 'hex') AS check FROM ml.posteriors WHERE person_id = $1 AND policy = 'hb_ts'`,
    values: [personId],
  })
  return rows[0]?.check ?? ''
}

function startCrowd(url: string, people: readonly Watched[]) {
  const running = new Set<Promise<void>>()
  let [count, failed] = [0, 0]
  const timer = setInterval(() => {
    const one = people[count % people.length]
    const tip = one?.tips.pop()
    if (!one || !tip) return
    const sent = send(url, reactAs(one.person, tip, kinds[count % kinds.length] ?? ''))
      .catch(() => {
        failed += 1
      })
      .finally(() => void running.delete(sent))
    running.add(sent)
    count += 1
  }, 1_000 / othersPerSecond)
  return {
    count: () => count,
    failed: () => failed,
    async stop() {
      clearInterval(timer)
      await Promise.all(running)
    },
  }
}

async function send(url: string, { path, ...ask }: Ask): Promise<void> {
  const answer = await fetch(url + path, { ...ask, signal: AbortSignal.timeout(withinMs) })
  if (!answer.ok) throw new Error(`a reaction was refused: ${await answer.text()}`)
  await answer.arrayBuffer()
}

function rowOf(what: string, times: number[], notes: string[]): Row {
  const [p50, p99] = [percentile(times, 0.5), percentile(times, 0.99)]
  const within = (limit: number) => bar({ text: `p99 ≤ ${limit} ms`, met: p99 <= limit })
  return {
    id: 'P5',
    what,
    figure: `p50 ${milliseconds(p50)}, p99 ${milliseconds(p99)}`,
    ratio: '–',
    must: within(mustMs),
    goal: within(goalMs),
    laps: { oO: times.map(Math.round) },
    notes: [`${times.length} reactions, the slowest ${milliseconds(Math.max(...times))}`, ...notes],
  }
}
