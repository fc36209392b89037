import { newId, onCommit, type Tx } from '@oo/kernel'
import { forgetBusyTimes } from './calendar/store.ts'
import { dropChannels, passChannels } from './calendar/storeChannels.ts'
import type { Connector, Tokens } from './connectors/connector.ts'
import type { IntegrationsCtx } from './context.ts'
import { forgetTasks } from './openTasks.ts'
import { forgetSignals } from './signals/forget.ts'
import { type Grant, insertRevocation } from './store.ts'
import { forgetOpenItems } from './storeLooks.ts'
import { forgetPast } from './storePast.ts'
import { grantPlace, revocationPlace } from './vault.ts'

export const revokeGrantJob = 'revoke-grant'
const keptDays = 7

/**
 * A grant that was just taken out of the vault: its tokens go, sealed and without the person's id, to what has to
 * be handed back to the provider, and a durable job sees to that. Answers whether there is something to hand back.
 * `successor`: what took its place, and must not end with it.
 */
export async function release(
  ctx: IntegrationsCtx,
  tx: Tx,
  grant: Grant,
  successor?: { id: string; tokens: Tokens },
): Promise<boolean> {
  const { provider, personId } = grant
  await forgetOpenItems(tx, { personId, provider })
  await forgetPast(tx, { personId, provider })
  await forgetSignals(tx, personId, { source: provider })
  await forgetBusyTimes(tx, { personId, provider })
  onCommit(tx, () => {
    forgetTasks(ctx, personId, provider)
    ctx.calendarMemory.forget(personId)
  })
  // What a person typed only they can end where they made it; here it is gone with its row.
  const connector = ctx.sources.get(provider)?.connector
  if (connector?.entry.by === 'form') return false
  const tokens = readable(ctx, grant)
  if (!tokens || (successor && endsWith(connector, tokens, successor.tokens))) {
    await (successor ? passChannels(tx, grant.id, successor.id) : dropChannels(tx, grant.id))
    return false
  }
  const id = newId(ctx)
  await passChannels(tx, grant.id, id)
  const envelope = ctx.vault.seal(tokens, revocationPlace({ id, provider }))
  const discardAt = new Date(ctx.clock.now().getTime() + keptDays * 86_400_000)
  await insertRevocation(tx, { id, provider, ...envelope, discardAt })
  await ctx.jobs.enqueue(tx, revokeGrantJob, { revocationId: id })
  return true
}

/** Some providers answer a second consent with the token of the first, and some end with one grant all of an account. */
const endsWith = (connector: Connector | undefined, before: Tokens, after: Tokens): boolean =>
  before.access === after.access || connector?.endsWith?.(before, after) === true

/** A grant that no longer opens must not keep a person from leaving. */
function readable(ctx: IntegrationsCtx, grant: Grant): Tokens | undefined {
  try {
    return ctx.vault.open(grant, grantPlace(grant))
  } catch (error) {
    ctx.log.error(
      { err: error, grantId: grant.id },
      'a grant does not open, so it cannot be revoked at the provider',
    )
    return undefined
  }
}
