// Whether what was acknowledged was also learned from: one reward per reaction in the log, and each with features
// among ml's terms. Learning follows the answer, so it is waited for.
import { setTimeout as delay } from 'node:timers/promises'
import { fromBinary } from '@bufbuild/protobuf'
import { EnvelopeSchema } from '@oo/shared-types/events'
import { worth } from '@oo/shared-types/rewards'
import type pg from 'pg'
import type { Comparison, Ledger } from './ledger.ts'

export interface Learned extends Comparison {
  /** Reactions among ml's terms. */
  taught: number
}

const lookEveryMs = 250
const pageSize = 20_000
const mostExamples = 3

/** `since`: the place of the log after which the ledger began. */
export async function waitUntilLearned(
  owner: pg.Client,
  ledger: Ledger,
  { since, signal, withinMs }: { since: string; signal: AbortSignal; withinMs: number },
): Promise<Learned> {
  const wanted = [...ledger.values()].flatMap(({ reactionId, reaction }) =>
    earns(reaction) ? [reactionId] : [],
  )
  const ids = new Set(wanted)
  const deadline = performance.now() + withinMs
  for (;;) {
    signal.throwIfAborted()
    const rewards = new Map<string, { times: number; teaches: boolean }>()
    await readRewards(owner, since, (id, teaches) => {
      if (ids.has(id)) rewards.set(id, { times: (rewards.get(id)?.times ?? 0) + 1, teaches })
    })
    const { rows } = await owner.query<{ id: string }>(
      'SELECT event_id AS id FROM ml.terms WHERE event_id = ANY($1)',
      [wanted],
    )
    const taught = new Set(rows.map(({ id }) => id))
    const unearned = wanted.filter(id => !rewards.has(id))
    const untaught = wanted.filter(id => rewards.get(id)?.teaches && !taught.has(id))
    const doubled = wanted.filter(id => (rewards.get(id)?.times ?? 0) > 1)
    if (unearned.length + untaught.length > 0 && performance.now() < deadline) {
      await delay(lookEveryMs)
      continue
    }
    const examples = [
      ...unearned.map(id => `reaction ${id} earned nothing`),
      ...untaught.map(id => `ml never learned of reaction ${id}`),
      ...doubled.map(id => `reaction ${id} earned ${rewards.get(id)?.times} times`),
    ]
    return {
      lost: unearned.length + untaught.length,
      doubled: doubled.length,
      examples: examples.slice(0, mostExamples),
      taught: taught.size,
    }
  }
}

const earns = (reaction: string): boolean =>
  Object.entries(worth).some(([kind, { reward }]) => kind === reaction && reward !== null)

export async function endOfLog(owner: pg.Client): Promise<string> {
  const { rows } = await owner.query('SELECT coalesce(max(seq), 0)::text AS at FROM events.log')
  return String(rows[0]?.at ?? '0')
}

/** All of them each time: numbers do not commit in order, so reading on from the last would skip some. */
async function readRewards(
  owner: pg.Client,
  since: string,
  tell: (id: string, teaches: boolean) => void,
): Promise<void> {
  let after = since
  for (;;) {
    const { rows } = await owner.query<{ at: string; envelope: Buffer }>(
      `SELECT seq::text AS at, envelope FROM events.log
        WHERE subject = 'signals.tip.rewarded' AND seq > $1 ORDER BY seq LIMIT ${pageSize}`,
      [after],
    )
    for (const { envelope } of rows) {
      const { payload } = fromBinary(EnvelopeSchema, envelope)
      if (payload.case === 'tipRewarded') tell(payload.value.rewardId, payload.value.features.length > 0)
    }
    const last = rows.at(-1)
    if (!last) return
    after = last.at
  }
}
