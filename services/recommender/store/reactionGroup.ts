// A group of reactions in a few statements: hold the tips, look at what was said of them before, write.
import type { Tx } from '@oo/kernel'
import type { ReactionKind } from '@oo/shared-types'
import type { ReactionRow, TipRow } from '../tables.ts'

export interface TipKey {
  personId: string
  tipId: string
}

export type HeldTip = Omit<TipRow, 'kind' | 'expiresAt' | 'endReason' | 'closedAt'>
export type LiveReaction = Pick<ReactionRow, 'id' | 'tipId' | 'reaction' | 'recordedAt' | 'snoozeUntil'>

/** These tips, held until the transaction ends; in a group only those that nobody else holds. */
export async function holdTips(
  tx: Tx,
  keys: readonly TipKey[],
  { wait }: { wait: boolean },
): Promise<Map<string, HeldTip>> {
  const { rows } = await tx.$client.query<HeldTip>({
    name: wait ? 'recommender.wait_for_tips' : 'recommender.hold_tips',
    text: `SELECT t.id, t.decision_id AS "decisionId", t.person_id AS "personId", t.source,
                  t.external_id AS "externalId", t.sealed, t.created_at AS "createdAt", t.shown_at AS "shownAt",
                  t.ended_at AS "endedAt"
             FROM recommender.tips t
             JOIN unnest($1::uuid[], $2::uuid[]) AS wanted (tip_id, person_id)
               ON t.id = wanted.tip_id AND t.person_id = wanted.person_id
            ORDER BY t.id
              FOR UPDATE OF t ${wait ? '' : 'SKIP LOCKED'}`,
    values: [keys.map(key => key.tipId), keys.map(key => key.personId)],
  })
  return new Map(rows.map(row => [row.id, row]))
}

/** The live reaction of each tip, read anew after the tips were held. */
export async function liveReactions(tx: Tx, keys: readonly TipKey[]): Promise<Map<string, LiveReaction>> {
  const { rows } = await tx.$client.query<LiveReaction>({
    name: 'recommender.live_reactions',
    text: `SELECT id, tip_id AS "tipId", reaction, recorded_at AS "recordedAt", snooze_until AS "snoozeUntil"
             FROM recommender.reactions
            WHERE tip_id = ANY($1::uuid[]) AND undone_at IS NULL AND replaced_by IS NULL`,
    values: [keys.map(key => key.tipId)],
  })
  return new Map(rows.map(row => [row.tipId, row]))
}

export async function markReplaced(tx: Tx, replaced: readonly { id: string; by: string }[]): Promise<void> {
  await tx.$client.query({
    name: 'recommender.mark_replaced',
    text: `UPDATE recommender.reactions r SET replaced_by = later.id
             FROM unnest($1::uuid[], $2::uuid[]) AS later (replaces, id) WHERE r.id = later.replaces`,
    values: [replaced.map(({ id }) => id), replaced.map(({ by }) => by)],
  })
}

export interface NewReaction extends TipKey {
  id: string
  reaction: ReactionKind
  at: Date
  recordedAt: Date
  snoozeUntil: Date | null
  source: string
  externalId: string
  restUntil: Date
  /** Whether the person refused it, and the sealed sketch of it where its words were at hand. */
  refused: boolean
  sketch: Buffer | null
  /** The page had not reported the tip as shown; who reacts has seen it. */
  firstShown: boolean
}

/** Each reaction, the end of its tip and the rest of its item; no two may be of one tip or of one item. */
export async function writeReactions(tx: Tx, reactions: readonly NewReaction[]): Promise<void> {
  const instants = (of: (reaction: NewReaction) => Date | null) =>
    reactions.map(reaction => of(reaction)?.toISOString() ?? null)
  await tx.$client.query({
    name: 'recommender.write_reactions',
    text: `WITH given AS (
             SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[],
                    $6::timestamptz[], $7::timestamptz[], $8::text[], $9::text[], $10::timestamptz[], $11::bool[],
                    $12::bool[], $13::bytea[])
               AS g (id, person_id, tip_id, reaction, at, recorded_at, snooze_until, source, external_id,
                     rest_until, first_shown, refused, sketch)
           ), recorded AS (
             INSERT INTO recommender.reactions
                    (id, person_id, tip_id, reaction, at, recorded_at, snooze_until, state)
             SELECT id, person_id, tip_id, reaction, at, recorded_at, snooze_until, 'recorded' FROM given
           ), ended AS (
             UPDATE recommender.tips t
                SET closed_at = CASE WHEN t.shown_at IS NULL THEN NULL ELSE t.closed_at END,
                    shown_at = coalesce(t.shown_at, g.at), ended_at = coalesce(t.ended_at, g.recorded_at),
                    end_reason = coalesce(t.end_reason, g.reaction), sealed = NULL
               FROM given g WHERE t.id = g.tip_id AND (t.shown_at IS NULL OR t.ended_at IS NULL)
           )
           INSERT INTO recommender.items AS i
                  (person_id, source, external_id, times_shown, last_shown_at, recent, rest_until, rest_reason,
                   refused_at, sketch)
           SELECT person_id, source, external_id, first_shown::int, CASE WHEN first_shown THEN at END,
                  first_shown::int, rest_until, reaction, CASE WHEN refused THEN recorded_at END, sketch
             FROM given ORDER BY person_id, source, external_id
               ON CONFLICT (person_id, source, external_id) DO UPDATE
              SET times_shown = i.times_shown + excluded.times_shown,
                  last_shown_at = greatest(i.last_shown_at, excluded.last_shown_at),
                  recent = CASE WHEN excluded.last_shown_at IS NULL THEN i.recent
                           ELSE recommender.shown_again(i.recent, i.last_shown_at, excluded.last_shown_at) END,
                  rest_until = excluded.rest_until, rest_reason = excluded.rest_reason,
                  refused_at = excluded.refused_at, sketch = excluded.sketch`,
    values: [
      reactions.map(({ id }) => id),
      reactions.map(({ personId }) => personId),
      reactions.map(({ tipId }) => tipId),
      reactions.map(({ reaction }) => reaction),
      instants(({ at }) => at),
      instants(({ recordedAt }) => recordedAt),
      instants(({ snoozeUntil }) => snoozeUntil),
      reactions.map(({ source }) => source),
      reactions.map(({ externalId }) => externalId),
      instants(({ restUntil }) => restUntil),
      reactions.map(({ firstShown }) => firstShown),
      reactions.map(({ refused }) => refused),
      reactions.map(({ sketch }) => sketch),
    ],
  })
}
