import type { Db } from '@oo/kernel'
import { ask } from './ask.ts'

/** Makes the partitions of a day, and moves there what had to wait in the default ones. The log's says that both are. */
export async function makeDay(db: Db, day: string): Promise<void> {
  const text = 'SELECT events.make_day($1, $2::date)'
  for (const parent of ['applied', 'log']) await ask(db, { name: 'makeDay', text }, [parent, day])
}

/** Drops a day; answers why it may not go yet, or null once it is gone. */
export async function dropDay(db: Db, day: string, goneAfterDays: number): Promise<string | null> {
  const text = 'SELECT events.drop_day($1::date, now() - make_interval(days => $2::int)) AS why'
  const [row] = await ask<{ why: string | null }>(db, { name: 'dropDay', text }, [day, goneAfterDays])
  return row?.why ?? null
}

/** The days that have a partition of their own, as 2026-03-01, oldest first. */
export async function listDays(db: Db): Promise<string[]> {
  const text = `
    SELECT to_char(to_date(substring(c.relname FROM 5), 'YYYYMMDD'), 'YYYY-MM-DD') AS day
      FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent = 'events.log'::regclass AND c.relname ~ '^log_\\d{8}$' ORDER BY 1`
  return (await ask<{ day: string }>(db, { name: 'listDays', text }, [])).map(row => row.day)
}

/** Days before this one that wait in the default partition. */
export async function strayDays(db: Db, before: Date, limit: number): Promise<string[]> {
  const text = `
    SELECT DISTINCT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day FROM events.log_default
     WHERE at < $1 ORDER BY 1 LIMIT $2`
  return (await ask<{ day: string }>(db, { name: 'strayDays', text }, [before, limit])).map(row => row.day)
}

/** Whether something happened in this time. */
export async function happenedIn(db: Db, from: Date, to: Date): Promise<boolean> {
  const text = 'SELECT EXISTS (SELECT 1 FROM events.log WHERE at >= $1 AND at < $2) AS happened'
  const [row] = await ask<{ happened: boolean }>(db, { name: 'happenedIn', text }, [from, to])
  return row?.happened ?? false
}

export async function databaseTime(db: Db): Promise<Date> {
  const [row] = await ask<{ now: Date }>(db, { name: 'databaseTime', text: 'SELECT now() AS now' }, [])
  if (!row) throw new Error('The database did not say what time it is.')
  return row.now
}

export async function dayCount(db: Db): Promise<number> {
  const text = "SELECT count(*) AS count FROM pg_inherits WHERE inhparent = 'events.log'::regclass"
  const [row] = await ask<{ count: number }>(db, { name: 'dayCount', text }, [])
  return Math.max(0, (row?.count ?? 0) - 1)
}
