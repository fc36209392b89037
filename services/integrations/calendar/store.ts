// Queries about calendars and the times that people are busy.
import { type Db, prepared, type Tx } from '@oo/kernel'
import { and, asc, eq, gt, lt, lte, or, sql } from 'drizzle-orm'
import { busyTimes, calendars } from '../tables.ts'

export type CalendarRow = typeof calendars.$inferSelect
export type BusyRow = typeof busyTimes.$inferSelect
export type Whose = Pick<CalendarRow, 'personId' | 'provider'>

const ofCalendar = ({ personId, provider }: Whose) =>
  and(eq(busyTimes.personId, personId), eq(busyTimes.provider, provider))

export async function calendarOf(db: Db, { personId, provider }: Whose): Promise<CalendarRow | undefined> {
  const [row] = await db
    .select()
    .from(calendars)
    .where(and(eq(calendars.personId, personId), eq(calendars.provider, provider)))
  return row
}

export async function keepCalendar(tx: Tx, row: CalendarRow): Promise<void> {
  const { cursor, readTo, syncedAt } = row
  await tx
    .insert(calendars)
    .values(row)
    .onConflictDoUpdate({
      target: [calendars.personId, calendars.provider],
      set: { cursor, readTo, syncedAt },
    })
}

/** The next reading begins anew. */
export async function forgetCursor(db: Db, { personId, provider }: Whose): Promise<void> {
  await db
    .update(calendars)
    .set({ cursor: null })
    .where(and(eq(calendars.personId, personId), eq(calendars.provider, provider)))
}

export type Interval = Pick<BusyRow, 'eventHash' | 'startsAt' | 'endsAt' | 'allDay'>

/** Answers how many rows are other than before. */
export async function putBusyTimes(tx: Tx, whose: Whose, times: readonly Interval[]): Promise<number> {
  if (times.length === 0) return 0
  const { rowCount } = await tx.$client.query({
    text: `INSERT INTO integrations.busy_times AS known (person_id, provider, event_hash, starts_at, ends_at, all_day)
           SELECT $1, $2, * FROM unnest($3::bytea[], $4::timestamptz[], $5::timestamptz[], $6::boolean[])
           ON CONFLICT (person_id, provider, event_hash) DO UPDATE
             SET starts_at = excluded.starts_at, ends_at = excluded.ends_at, all_day = excluded.all_day
             WHERE (known.starts_at, known.ends_at, known.all_day)
                   IS DISTINCT FROM (excluded.starts_at, excluded.ends_at, excluded.all_day)`,
    values: [
      whose.personId,
      whose.provider,
      times.map(time => time.eventHash),
      times.map(time => time.startsAt),
      times.map(time => time.endsAt),
      times.map(time => time.allDay),
    ],
  })
  return rowCount ?? 0
}

export async function dropBusyTimes(tx: Tx, whose: Whose, hashes: readonly Buffer[]): Promise<number> {
  if (hashes.length === 0) return 0
  const { rowCount } = await tx
    .delete(busyTimes)
    .where(and(ofCalendar(whose), sql`${busyTimes.eventHash} = ANY(${sql.param([...hashes])}::bytea[])`))
  return rowCount ?? 0
}

/** Of a reading of all there is: what is not among it is gone. */
export async function dropAllBut(tx: Tx, whose: Whose, hashes: readonly Buffer[]): Promise<number> {
  const { rowCount } = await tx
    .delete(busyTimes)
    .where(and(ofCalendar(whose), sql`${busyTimes.eventHash} <> ALL(${sql.param([...hashes])}::bytea[])`))
  return rowCount ?? 0
}

/** What is over, and above `most` what begins last. */
export async function trimBusyTimes(
  tx: Tx,
  whose: Whose,
  { before, from, most }: { before: Date; from: Date; most: number },
): Promise<number> {
  const { rowCount } = await tx.delete(busyTimes).where(
    and(
      ofCalendar(whose),
      or(
        lte(busyTimes.endsAt, before),
        gt(busyTimes.startsAt, from),
        sql`${busyTimes.eventHash} IN (
          SELECT event_hash FROM integrations.busy_times
           WHERE person_id = ${whose.personId} AND provider = ${whose.provider} AND ends_at > ${before}
           ORDER BY starts_at, event_hash OFFSET ${most})`,
      ),
    ),
  )
  return rowCount ?? 0
}

export async function countBusyTimes(db: Db, whose: Whose): Promise<number> {
  return db.$count(busyTimes, ofCalendar(whose))
}

/** Of one source, or of all of a person's. */
export async function forgetBusyTimes(
  db: Db,
  { personId, provider }: { personId: string; provider?: string },
): Promise<void> {
  for (const table of [busyTimes, calendars])
    await db
      .delete(table)
      .where(
        and(eq(table.personId, personId), provider === undefined ? undefined : eq(table.provider, provider)),
      )
}

/** More than one day can hold; further ones change nothing about the next hours. */
const mostOfADay = 300

/** A person's calendars, each with what of it touches the time asked for: one indexed read. */
const around = prepared((db: Db) =>
  db
    .select({
      syncedAt: calendars.syncedAt,
      startsAt: busyTimes.startsAt,
      endsAt: busyTimes.endsAt,
      allDay: busyTimes.allDay,
    })
    .from(calendars)
    .leftJoin(
      busyTimes,
      and(
        eq(busyTimes.personId, calendars.personId),
        eq(busyTimes.provider, calendars.provider),
        gt(busyTimes.endsAt, sql.placeholder('from')),
        lt(busyTimes.startsAt, sql.placeholder('to')),
      ),
    )
    .where(eq(calendars.personId, sql.placeholder('personId')))
    .orderBy(asc(busyTimes.startsAt))
    .limit(mostOfADay)
    .prepare('integrations.busyAround'),
)

export const busyAround = (db: Db, asked: { personId: string; from: Date; to: Date }) => around(db, asked)

export async function allBusyTimes(db: Db, personId: string): Promise<BusyRow[]> {
  return db.select().from(busyTimes).where(eq(busyTimes.personId, personId)).orderBy(asc(busyTimes.startsAt))
}

export async function allCalendars(db: Db, personId: string): Promise<CalendarRow[]> {
  return db.select().from(calendars).where(eq(calendars.personId, personId))
}
