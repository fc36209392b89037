import { createHash } from 'node:crypto'
import { onCommit, Problem, problems, transaction } from '@oo/kernel'
import type { Signed } from '@oo/shared-types/handlers'
import { accountHashOf } from './account.ts'
import { accountOfChannel } from './calendar/storeChannels.ts'
import type { Delivery } from './connectors/connector.ts'
import type { IntegrationsCtx } from './context.ts'
import { errors } from './errors.ts'
import { noteDelivery, wantLook } from './storeLooks.ts'

/** Longer than any provider tries again; what is older than it says is no news. */
export const deliveriesKeptMs = 3 * 86_400_000
/** Between two looks that deliveries ask for: however many come, the provider is asked 450 times in 15 minutes at most. */
const quietMs = 2_000

/**
 * A provider says that something changed. What it says is not believed: it makes oO look again, so that deliveries
 * may be repeated, late, in any order or missing. Only a forged one is refused.
 */
export async function receiveWebhook(
  ctx: IntegrationsCtx,
  { provider, signed }: { provider: string; signed: Signed },
): Promise<void> {
  const connector = ctx.sources.get(provider)?.connector
  if (!connector?.readWebhook) throw new Problem(problems.notFound)
  const delivery = connector.readWebhook(signed)
  if (!delivery) throw new Problem(errors.forged)
  const now = ctx.clock.now()
  const { at } = delivery
  if (at && now.getTime() - at.getTime() > deliveriesKeptMs) return
  const id = idOf(delivery.id, signed.bytes)
  const accountHash = await accountIn(ctx, provider, delivery)
  if (!accountHash) return
  await transaction(ctx.db, async tx => {
    if (!(await noteDelivery(tx, { provider, id, receivedAt: now }))) return
    if ((await wantLook(tx, { provider, accountHash, now, quietMs })) > 0) onCommit(tx, ctx.lookSoon)
  })
}

async function accountIn(
  ctx: IntegrationsCtx,
  provider: string,
  { account, channel }: Delivery,
): Promise<Buffer | undefined> {
  if (channel) return accountOfChannel(ctx.db, { provider, ...channel })
  return account ? accountHashOf(ctx, provider, account) : undefined
}

/** Its id is not signed and may be missing or anything: then its bytes are its name. */
const idOf = (given: string | undefined, bytes: Buffer): string =>
  given && /^[\w-]{1,100}$/.test(given) ? given : createHash('sha256').update(bytes).digest('hex')
