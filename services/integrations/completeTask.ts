import { createHash } from 'node:crypto'
import { Problem } from '@oo/kernel'
import { isTrouble } from './connectors/connector.ts'
import type { IntegrationsCtx } from './context.ts'
import { errors, problemOf } from './errors.ts'
import { forgetTasks } from './openTasks.ts'
import { grantFor } from './store.ts'
import { withGrant } from './withGrant.ts'

const actWithinMs = 5_000

export interface TaskAct {
  source: string
  externalId: string
  /** Names the act, so that a retry of it has its effect once; without it every call is an act of its own. */
  key: string | undefined
  signal: AbortSignal
}

/** Completes or reopens a task where it lives. What is done already, or gone, is a success. */
export async function completeTask(
  ctx: IntegrationsCtx,
  personId: string,
  verb: 'complete' | 'reopen',
  { source, externalId, key, signal }: TaskAct,
): Promise<void> {
  const connector = ctx.sources.get(source)?.connector
  const app = connector?.tasks
  const [grant, wishes] = await Promise.all([
    grantFor(ctx.db, personId, source),
    ctx.profiles.wishes(personId),
  ])
  if (!app || !grant || !wishes.consents.has('sync')) throw new Problem(errors.notConnected)
  if (grant.state === 'reconnect') throw new Problem(errors.reconnect)
  const total = AbortSignal.any([signal, AbortSignal.timeout(actWithinMs)])
  const actId = actIdOf(key === undefined ? ctx.random.bytes(32) : `${grant.id} ${verb} ${externalId} ${key}`)
  try {
    await withGrant(ctx, connector, grant, tokens => app[verb](tokens, { externalId, actId }, total))
  } catch (error) {
    signal.throwIfAborted()
    if (!isTrouble(error, 'gone')) throw problemOf(error)
  }
  // A read that began before this act would bring back what it changed.
  if (!ctx.memory.read(personId, source)) forgetTasks(ctx, personId, source)
  else if (verb === 'complete') ctx.memory.completed(personId, source, externalId)
  else ctx.memory.reopened(personId, source, externalId)
}

/** Providers want a UUID; this one is the same for the same words. */
function actIdOf(words: string | Buffer): string {
  const hex = createHash('sha256').update(words).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
