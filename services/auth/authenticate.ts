import { sha256 } from '@oo/kernel'
import type { Actor } from '@oo/shared-types/handlers'
import type { AuthCtx } from './context.ts'
import { idleUntil } from './startSession.ts'
import { sessionByHash, touchSession } from './store/sessions.ts'

const seenEveryMs = 300_000
const sidPattern = /^[A-Za-z0-9_-]{43}$/

/**
 * Who a `sid` cookie belongs to; null when it is unknown, expired or revoked. `fresh` asks the database even where
 * the answer is remembered.
 */
export async function authenticate(
  ctx: AuthCtx,
  sid: string | undefined,
  fresh = false,
): Promise<Actor | null> {
  if (!sid || !sidPattern.test(sid)) return null
  const hash = sha256(sid)
  const key = hash.toString('base64')
  const remembered = fresh ? undefined : ctx.sessionMemory.find(key)
  if (remembered) return remembered

  const since = ctx.sessionMemory.revocations()
  const now = ctx.clock.now()
  const session = await sessionByHash(ctx.db, hash, now)
  if (!session) return null
  if (now.getTime() - session.lastSeenAt.getTime() >= seenEveryMs)
    await touchSession(ctx.db, session.actor.sessionId, {
      at: now,
      expiresAt: idleUntil(now, session.endsAt),
    })
  ctx.sessionMemory.keep(key, session.actor, { since, expiresAt: session.expiresAt })
  return session.actor
}
