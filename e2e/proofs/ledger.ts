// The clients' own record: what they were told is kept. It is compared with what the database then has.
import { fromBinary } from '@bufbuild/protobuf'
import { EnvelopeSchema } from '@oo/shared-types/events'
import type pg from 'pg'

/** By tip: the reaction whose id an answer of 200 named. */
export type Ledger = Map<string, { reactionId: string; reaction: string }>

export interface Comparison {
  lost: number
  doubled: number
  /** The first few, in words. */
  examples: string[]
}

export interface Found {
  reactions: readonly { id: string; tipId: string; reaction: string }[]
  /** One entry per `signals.tip.reacted` in the log: the reaction it tells of. */
  events: readonly string[]
}

const mostExamples = 5

/** Lost: acknowledged, but not there or not told of. Doubled: there, or told of, more than once. */
export function compare(ledger: Ledger, { reactions, events }: Found): Comparison {
  const lost: string[] = []
  const doubled: string[] = []
  const rows = Map.groupBy(reactions, row => row.tipId)
  const told = Map.groupBy(events, id => id)
  for (const [tipId, { reactionId, reaction }] of ledger) {
    const here = rows.get(tipId) ?? []
    const row = here.find(({ id }) => id === reactionId)
    const toldTimes = told.get(reactionId)?.length ?? 0
    if (row?.reaction !== reaction) lost.push(`reaction ${reactionId} to tip ${tipId} is not there`)
    else if (toldTimes === 0) lost.push(`nobody is told of reaction ${reactionId}`)
    if (here.length > 1) doubled.push(`tip ${tipId} has ${here.length} reactions`)
    else if (toldTimes > 1) doubled.push(`reaction ${reactionId} is told of ${toldTimes} times`)
  }
  const examples = [...lost, ...doubled].slice(0, mostExamples)
  return { lost: lost.length, doubled: doubled.length, examples }
}

/** What the database has of these tips. */
export async function find(owner: pg.Client, ledger: Ledger): Promise<Found> {
  const reactions = await owner.query<{ id: string; tipId: string; reaction: string }>(
    'SELECT id, tip_id AS "tipId", reaction FROM recommender.reactions WHERE tip_id = ANY($1)',
    [[...ledger.keys()]],
  )
  const ids = new Set([...ledger.values()].map(({ reactionId }) => reactionId))
  const events: string[] = []
  let after: string | undefined
  for (let page = await pageAfter(owner, after); page.length > 0; page = await pageAfter(owner, after)) {
    for (const { envelope } of page) {
      const { payload } = fromBinary(EnvelopeSchema, envelope)
      if (payload.case === 'tipReacted' && ids.has(payload.value.reactionId))
        events.push(payload.value.reactionId)
    }
    after = page.at(-1)?.seq
  }
  return { reactions: reactions.rows, events }
}

const pageSize = 20_000

async function pageAfter(owner: pg.Client, after = '0'): Promise<{ seq: string; envelope: Buffer }[]> {
  const { rows } = await owner.query<{ seq: string; envelope: Buffer }>(
    `SELECT seq, envelope FROM events.log
      WHERE subject = 'signals.tip.reacted' AND seq > $1 ORDER BY seq LIMIT ${pageSize}`,
    [after],
  )
  return rows
}
