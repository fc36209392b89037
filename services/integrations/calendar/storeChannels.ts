// Queries about the channels by which providers tell of changes. A channel is held by the grant it was opened with, or
// by the revocation that this grant became: by whoever has the tokens that close it.
import type { Db, Tx } from '@oo/kernel'
import { and, eq, inArray, isNull, lte, or, sql } from 'drizzle-orm'
import type { Channel } from '../connectors/connector.ts'
import { channels, grants } from '../tables.ts'

export type ChannelRow = typeof channels.$inferSelect

export const channelsOf = (db: Db, holderId: string): Promise<ChannelRow[]> =>
  db.select().from(channels).where(eq(channels.holderId, holderId))

/** Noted before it is asked for, so that a delivery which is sooner than the answer finds it. One a holder. */
export async function beginChannel(tx: Tx, row: Omit<ChannelRow, 'resource'>): Promise<void> {
  await tx.delete(channels).where(and(eq(channels.holderId, row.holderId), isNull(channels.resource)))
  await tx.insert(channels).values(row)
}

/** False when it was forgotten meanwhile: nobody wants it any more. */
export async function noteOpened(db: Db, { id, ...opened }: Omit<ChannelRow, 'holderId'>): Promise<boolean> {
  const { rowCount } = await db.update(channels).set(opened).where(eq(channels.id, id))
  return rowCount === 1
}

/** One that was not opened is tried again no sooner than its provider asks for, and kept until then. */
export async function putOffChannel(db: Db, id: string, until: Date): Promise<void> {
  const renewAt = sql`greatest(${channels.renewAt}, ${until})`
  const expiresAt = sql`greatest(${channels.expiresAt}, ${until})`
  await db
    .update(channels)
    .set({ renewAt, expiresAt })
    .where(and(eq(channels.id, id), isNull(channels.resource)))
}

export async function dropChannel(db: Db, id: string): Promise<void> {
  await db.delete(channels).where(eq(channels.id, id))
}

export async function dropChannels(db: Db, ...holderIds: string[]): Promise<void> {
  await db.delete(channels).where(inArray(channels.holderId, holderIds))
}

/** To another holder of tokens, which opens one of its own as soon as it may. */
export async function passChannels(tx: Tx, from: string, to: string): Promise<void> {
  await tx
    .update(channels)
    .set({ holderId: to, renewAt: new Date(0) })
    .where(eq(channels.holderId, from))
}

/** The account whose calendar a channel watches; undefined for one that is nobody's any more. */
export async function accountOfChannel(
  db: Db,
  { provider, id, resource }: Channel & { provider: string },
): Promise<Buffer | undefined> {
  const [found] = await db
    .select({ accountHash: grants.accountHash })
    .from(channels)
    .innerJoin(grants, eq(grants.id, channels.holderId))
    .where(
      and(
        eq(channels.id, id),
        eq(grants.provider, provider),
        or(isNull(channels.resource), eq(channels.resource, resource)),
      ),
    )
  return found?.accountHash ?? undefined
}

/** Each with its source. */
export const channelsOfPerson = (db: Db, personId: string) =>
  db
    .select({ grantId: grants.id, source: grants.provider, expiresAt: channels.expiresAt })
    .from(channels)
    .innerJoin(grants, eq(grants.id, channels.holderId))
    .where(eq(grants.personId, personId))

export async function forgetSilent(db: Db, now: Date): Promise<void> {
  await db.delete(channels).where(lte(channels.expiresAt, now))
}
