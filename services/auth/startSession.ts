import { changed, newId, secretToken, sha256, type Tx } from '@oo/kernel'
import type { Cookie } from '@oo/shared-types/handlers'
import type { AuthCtx } from './context.ts'
import { sessionTopic } from './sessionMemory.ts'
import { deleteOldReceipts } from './store/receipts.ts'
import { deleteExpiredSessions, deleteSessionByHash, insertSession } from './store/sessions.ts'

const dayMs = 86_400_000
export const idleMs = 30 * dayMs
const absoluteMs = 180 * dayMs
const tokenMs = dayMs
const receiptMs = 365 * dayMs
const sweepAtMost = 200

export interface StartedSession {
  sid: string
  endsAt: Date
}

/** A new session with a new secret; the one the browser had before, if any, ends with it. */
export async function startSession(
  ctx: AuthCtx,
  tx: Tx,
  input: { personId: string | null; device: string; replaces: string | undefined },
): Promise<StartedSession> {
  const now = ctx.clock.now()
  await sweep(tx, now)
  if (input.replaces) await endBySid(tx, input.replaces)
  const sid = secretToken(ctx.random)
  const endsAt = new Date(now.getTime() + (input.personId === null ? tokenMs : absoluteMs))
  await insertSession(tx, {
    id: newId(ctx),
    tokenHash: sha256(sid),
    personId: input.personId,
    device: input.device,
    createdAt: now,
    lastSeenAt: now,
    expiresAt: idleUntil(now, endsAt),
    endsAt,
  })
  return { sid, endsAt }
}

export const idleUntil = (now: Date, endsAt: Date): Date =>
  new Date(Math.min(now.getTime() + idleMs, endsAt.getTime()))

export const sessionCookie = (ctx: AuthCtx, { sid, endsAt }: StartedSession): Cookie => ({
  name: 'sid',
  value: sid,
  maxAgeSeconds: Math.floor((endsAt.getTime() - ctx.clock.now().getTime()) / 1_000),
})

export const noSessionCookie: Cookie = { name: 'sid', value: '', maxAgeSeconds: 0 }

/** Ends the session of a cookie, if there is one. */
export async function endBySid(tx: Tx, sid: string): Promise<void> {
  const ended = await deleteSessionByHash(tx, sha256(sid))
  if (ended) changed(tx, sessionTopic, ended)
}

/** What expired goes when somebody arrives: a few rows at a time, so that no sign-in waits for it. */
async function sweep(tx: Tx, now: Date): Promise<void> {
  await deleteExpiredSessions(tx, now, sweepAtMost)
  await deleteOldReceipts(tx, new Date(now.getTime() - receiptMs), sweepAtMost)
}
