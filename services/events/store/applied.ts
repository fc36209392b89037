import type { Db, Tx } from '@oo/kernel'
import type { Logged } from '../logged.ts'
import { ask, change } from './ask.ts'

export interface Known {
  /** Ids of events that were applied before. */
  applied: ReadonlySet<string>
  /** People with an event that waits for another try. */
  heldPeople: ReadonlySet<string>
}

/** What must be known of a batch before it is applied. */
export async function readKnown(db: Db, subscriber: string, events: readonly Logged[]): Promise<Known> {
  const text = `
    SELECT event_id AS id, true AS applied FROM events.applied
     WHERE subscriber = $1 AND event_id = ANY ($2) AND at BETWEEN $4 AND $5
    UNION ALL
    SELECT DISTINCT person_id, false FROM events.held WHERE subscriber = $1 AND person_id = ANY ($3)`
  const times = events.map(event => event.at.getTime())
  const rows = await ask<{ id: string; applied: boolean }>(db, { name: 'readKnown', text }, [
    subscriber,
    events.map(event => event.id),
    [...new Set(events.flatMap(event => event.personId ?? []))],
    new Date(Math.min(...times)),
    // A Date ends at the millisecond, what PostgreSQL keeps at the microsecond.
    new Date(Math.max(...times) + 1),
  ])
  return {
    applied: new Set(rows.filter(row => row.applied).map(row => row.id)),
    heldPeople: new Set(rows.filter(row => !row.applied).map(row => row.id)),
  }
}

export async function recordApplied(tx: Tx, subscriber: string, events: readonly Logged[]): Promise<void> {
  if (events.length === 0) return
  const text = `
    INSERT INTO events.applied (subscriber, event_id, at)
    SELECT $1, id, at FROM unnest($2::uuid[], $3::timestamptz[]) AS new (id, at)
    ON CONFLICT DO NOTHING`
  await change(tx, { name: 'recordApplied', text }, [
    subscriber,
    events.map(event => event.id),
    events.map(event => event.at),
  ])
}
