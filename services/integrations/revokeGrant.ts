import { type JobDefinition, transaction } from '@oo/kernel'
import { dropChannels } from './calendar/storeChannels.ts'
import { endWatchBefore } from './calendar/watch.ts'
import { ConnectorTrouble, type Tokens } from './connectors/connector.ts'
import type { IntegrationsCtx } from './context.ts'
import { revokeGrantJob } from './release.ts'
import { countAttempt, deleteOverdue, deleteRevocation, type Revocation, revocationOf } from './store.ts'
import { revocationPlace } from './vault.ts'

const firstPauseMs = 30_000
const longestPauseMs = 6 * 3_600_000

export const revokeGrantJobOf = (ctx: IntegrationsCtx): JobDefinition => ({
  name: revokeGrantJob,
  promise: 'A disconnected source was not told that oO gives its grant back.',
  run: ({ revocationId }, signal) => revokeGrant(ctx, revocationId ?? '', signal),
})

/** Hands a grant back. While the provider is away it is tried again, ever more seldom, for 7 days. */
export async function revokeGrant(
  ctx: IntegrationsCtx,
  revocationId: string,
  signal: AbortSignal,
): Promise<void> {
  const revocation = await revocationOf(ctx.db, revocationId)
  if (!revocation) return
  const connector = ctx.sources.get(revocation.provider)?.connector
  try {
    if (!connector) throw new ConnectorTrouble('away', 'there are no credentials for it')
    const tokens = tokensOf(ctx, revocation)
    await connector.revoke(
      await endWatchBefore(ctx, connector, { holderId: revocation.id, tokens, signal }),
      signal,
    )
    await endRevocation(ctx, revocationId)
  } catch (error) {
    if (!(error instanceof ConnectorTrouble)) throw error
    await tryLater(ctx, revocation, error)
  }
}

/** Channels that could not be closed until then nobody can close any more. */
const endRevocation = (ctx: IntegrationsCtx, id: string): Promise<void> =>
  transaction(ctx.db, async tx => {
    await dropChannels(tx, id)
    await deleteRevocation(tx, id)
  })

/** What does not open now may open later, when the operator has put a missing master key back. */
function tokensOf(ctx: IntegrationsCtx, revocation: Revocation): Tokens {
  try {
    return ctx.vault.open(revocation, revocationPlace(revocation))
  } catch (error) {
    ctx.log.error({ err: error, revocationId: revocation.id }, 'a grant to be revoked does not open')
    throw new ConnectorTrouble('garbage', 'the tokens do not open')
  }
}

/** Seven days hold even when a job was lost. */
export async function discardOverdue(ctx: IntegrationsCtx): Promise<void> {
  const discarded = await transaction(ctx.db, async tx => {
    const ids = await deleteOverdue(tx, ctx.clock.now())
    await dropChannels(tx, ...ids)
    return ids.length
  })
  if (discarded > 0)
    ctx.log.error({ discarded }, 'grants were not revoked within 7 days; their tokens are deleted')
}

async function tryLater(
  ctx: IntegrationsCtx,
  { id, provider, discardAt }: Revocation,
  trouble: ConnectorTrouble,
): Promise<void> {
  const now = ctx.clock.now().getTime()
  if (now >= discardAt.getTime()) {
    await endRevocation(ctx, id)
    ctx.log.error({ provider }, 'a grant was not revoked within 7 days and its token is deleted')
    return
  }
  await transaction(ctx.db, async tx => {
    const attempts = await countAttempt(tx, id)
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(attempts - 1, 20))
    const askedMs = (trouble.retryAfterSeconds ?? 0) * 1_000
    const at = Math.min(now + Math.max(pauseMs, askedMs), discardAt.getTime())
    await ctx.jobs.enqueue(tx, revokeGrantJob, { revocationId: id }, { startAfter: new Date(at) })
    ctx.log.warn(
      { provider, attempts, trouble: trouble.kind },
      'a grant could not be revoked yet; it is tried again',
    )
  })
}
