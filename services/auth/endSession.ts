import { changed, Problem, transaction } from '@oo/kernel'
import type { AuthCtx } from './context.ts'
import { authProblems } from './errors.ts'
import { sessionsTopic, sessionTopic } from './sessionMemory.ts'
import { endBySid } from './startSession.ts'
import { deleteSession, deleteSessionsOf } from './store/sessions.ts'

/** Ends one of a person's own sessions; someone else's looks like one that does not exist. */
export const endSession = (ctx: AuthCtx, personId: string, id: string): Promise<void> =>
  transaction(ctx.db, async tx => {
    if (!(await deleteSession(tx, personId, id))) throw new Problem(authProblems.noSession)
    changed(tx, sessionTopic, id)
  })

export const endAllSessions = (ctx: AuthCtx, personId: string): Promise<void> =>
  transaction(ctx.db, async tx => {
    await deleteSessionsOf(tx, personId)
    changed(tx, sessionsTopic, personId)
  })

/** Signing out twice is signing out. */
export async function signOut(ctx: AuthCtx, sid: string | undefined): Promise<void> {
  if (sid) await transaction(ctx.db, tx => endBySid(tx, sid))
}
