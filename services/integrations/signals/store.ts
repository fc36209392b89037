// Queries about what was told of the moment.
import { type Db, prepared, type Tx } from '@oo/kernel'
import { and, eq, inArray, lte, or, sql } from 'drizzle-orm'
import { signals } from '../tables.ts'
import type { Kept, SignalType } from './signal.ts'

/** Those of them that were news, in one statement; at most one of a type. */
export async function keepNewest(tx: Tx, personId: string, told: readonly Kept[]): Promise<Kept[]> {
  if (told.length === 0) return []
  // In one order for everyone, so that two who tell at once wait for each other and not in a ring.
  const inOrder = told.toSorted((a, b) => a.type.localeCompare(b.type))
  const isNews = or(
    sql`${signals.measuredAt} < excluded.measured_at`,
    and(
      sql`${signals.measuredAt} = excluded.measured_at`,
      sql`(${signals.value}, ${signals.placeId}) IS DISTINCT FROM (excluded.value, excluded.place_id)`,
    ),
  )
  const written = await tx
    .insert(signals)
    .values(inOrder.map(one => ({ personId, ...one })))
    .onConflictDoUpdate({
      target: [signals.personId, signals.type, signals.source],
      set: {
        value: sql`excluded.value`,
        placeId: sql`excluded.place_id`,
        measuredAt: sql`excluded.measured_at`,
        heardAt: sql`excluded.heard_at`,
      },
      ...(isNews && { setWhere: isNews }),
    })
    .returning({ type: signals.type })
  const news = new Set(written.map(({ type }) => type))
  return told.filter(({ type }) => news.has(type))
}

const columns = {
  type: signals.type,
  source: signals.source,
  value: signals.value,
  placeId: signals.placeId,
  measuredAt: signals.measuredAt,
  heardAt: signals.heardAt,
}

const signalRows = prepared((db: Db) =>
  db
    .select(columns)
    .from(signals)
    .where(eq(signals.personId, sql.placeholder('personId')))
    .prepare('integrations.signals'),
)

/** All of a person, in one read. */
export const signalsOf = (db: Db, personId: string): Promise<Kept[]> => signalRows(db, { personId })

/** All of a person, or only these types, or those of one source. The caller tells that they changed. */
export async function deleteSignals(
  tx: Tx,
  personId: string,
  { types, source }: { types?: readonly SignalType[]; source?: string } = {},
): Promise<number> {
  const { rowCount } = await tx
    .delete(signals)
    .where(
      and(
        eq(signals.personId, personId),
        types && inArray(signals.type, [...types]),
        source === undefined ? undefined : eq(signals.source, source),
      ),
    )
  return rowCount ?? 0
}

export async function deleteOldSignals(db: Db, before: Date): Promise<void> {
  await db.delete(signals).where(lte(signals.measuredAt, before))
}
