import { Problem, sameSecret, transaction } from '@oo/kernel'
import type { AuthCtx } from './context.ts'
import { deviceOf } from './device.ts'
import { authProblems } from './errors.ts'
import { type StartedSession, startSession } from './startSession.ts'

/** The console's token form: an admin's session of 24 hours that belongs to no person. */
export async function signInByToken(
  ctx: AuthCtx,
  input: { token: string; userAgent: string; sid: string | undefined },
): Promise<StartedSession> {
  const { adminToken } = ctx.settings
  if (!adminToken) throw new Problem(authProblems.tokenOff)
  const retryAfterSeconds = ctx.tokenForm.lockedForSeconds()
  if (retryAfterSeconds > 0) throw new Problem(authProblems.tokenLocked, { retryAfterSeconds })
  if (!sameSecret(input.token, adminToken)) {
    const locked = ctx.tokenForm.failed()
    ctx.log.warn({ locked }, locked ? 'the token form is locked for a minute' : 'a wrong admin token')
    throw new Problem(authProblems.wrongToken)
  }
  const session = await transaction(ctx.db, tx =>
    startSession(ctx, tx, { personId: null, device: deviceOf(input.userAgent), replaces: input.sid }),
  )
  ctx.log.info('an admin signed in by token')
  return session
}
