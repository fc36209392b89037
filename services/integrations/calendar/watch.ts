// Keeps a channel open for every calendar that is looked at, where the provider can reach this instance. A channel only
// makes the next look come sooner: whatever fails here, the looks go on by themselves.
import { newId, transaction } from '@oo/kernel'
import {
  type Channels,
  type Connector,
  ConnectorTrouble,
  isTrouble,
  type Tokens,
} from '../connectors/connector.ts'
import { mayRead } from '../consent.ts'
import type { IntegrationsCtx } from '../context.ts'
import { type Grant, lockGrant } from '../store.ts'
import { withGrantAside } from '../withGrant.ts'
import {
  beginChannel,
  type ChannelRow,
  channelsOf,
  dropChannel,
  noteOpened,
  putOffChannel,
} from './storeChannels.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** A second one is open long before the first ends, so a provider may be away for a day without a gap. */
const renewedAfter = { atLeast: 0.5, andUpTo: 0.25 }

interface Watched {
  grant: Grant
  signal: AbortSignal
}

/** After a look: opens a channel where there is none, or where its time will be over. */
export async function keepWatched(
  ctx: IntegrationsCtx,
  connector: Connector,
  watched: Watched,
): Promise<void> {
  const channels = connector.calendar?.channels
  if (channels) await trying(ctx, () => renew(ctx, connector, { ...watched, channels }))
}

async function renew(
  ctx: IntegrationsCtx,
  connector: Connector,
  { grant, signal, channels }: Watched & { channels: Channels },
): Promise<void> {
  const now = ctx.clock.now().getTime()
  const lasts = ({ renewAt }: ChannelRow) => renewAt.getTime() > now
  if ((await channelsOf(ctx.db, grant.id)).some(lasts)) return
  const later = (ms: number) => new Date(now + ms)
  const id = newId(ctx)
  const again = later(hourMs * (1 + ctx.random.next()))
  const known = await transaction(ctx.db, async tx => {
    // Who withdraws a consent or disconnects meanwhile comes after this row, and finds it.
    const consents = await ctx.profiles.consentsNow(tx, grant.personId, { hold: true })
    if (!mayRead(connector, consents) || !(await lockGrant(tx, grant.id))) return undefined
    // Another process may have been first.
    const rows = await channelsOf(tx, grant.id)
    if (rows.some(lasts)) return undefined
    await beginChannel(tx, { id, holderId: grant.id, renewAt: again, expiresAt: later(dayMs) })
    return rows
  })
  if (!known) return
  await withGrantAside(ctx, connector, grant, async tokens => {
    const { resource, expiresAt } = await channels.open(tokens, id, signal)
    const { atLeast, andUpTo } = renewedAfter
    const renewAt = later((expiresAt.getTime() - now) * (atLeast + andUpTo * ctx.random.next()))
    if (!(await noteOpened(ctx.db, { id, resource, renewAt, expiresAt })))
      await channels.close(tokens, { id, resource }, signal)
  }).catch(async (error: unknown) => {
    if (error instanceof ConnectorTrouble && error.retryAfterSeconds !== undefined)
      await putOffChannel(ctx.db, id, later(error.retryAfterSeconds * 1_000))
    throw error
  })
  await closeEach(ctx, connector, { grant, signal, channels, rows: known })
}

/** Nobody may look any more: nobody is to be told. */
export async function endWatch(ctx: IntegrationsCtx, connector: Connector, watched: Watched): Promise<void> {
  const channels = connector.calendar?.channels
  if (!channels) return
  const rows = await channelsOf(ctx.db, watched.grant.id)
  await closeEach(ctx, connector, { ...watched, channels, rows })
}

/** One that cannot be closed keeps no other one open. */
async function closeEach(
  ctx: IntegrationsCtx,
  connector: Connector,
  { grant, signal, channels, rows }: Watched & { channels: Channels; rows: ChannelRow[] },
): Promise<void> {
  for (const { id, resource } of rows)
    await trying(ctx, async () => {
      if (resource !== null)
        await withGrantAside(ctx, connector, grant, tokens =>
          channels.close(tokens, { id, resource }, signal),
        )
      await dropChannel(ctx.db, id)
    })
}

/** Before a grant is handed back, what it opened is closed, as far as its provider answers; gives the tokens that work. */
export async function endWatchBefore(
  ctx: IntegrationsCtx,
  connector: Connector,
  { holderId, tokens, signal }: { holderId: string; tokens: Tokens; signal: AbortSignal },
): Promise<Tokens> {
  const channels = connector.calendar?.channels
  const rows = channels ? await channelsOf(ctx.db, holderId) : []
  if (!channels || rows.length === 0) return tokens
  let usable = tokens
  let trouble = await trying(ctx, async () => {
    if ((tokens.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY) <= ctx.clock.now().getTime())
      usable = await connector.refresh(tokens, signal)
  })
  // What is not closed stays for the next attempt to hand the grant back, and is forgotten with it.
  for (const { id, resource } of trouble ? [] : rows)
    trouble = await trying(ctx, async () => {
      if (resource !== null) await channels.close(usable, { id, resource }, signal)
      await dropChannel(ctx.db, id)
    })
  return usable
}

/** A channel is never worth a look or a revocation; one that stays open ends by itself. Gives what went wrong. */
async function trying(
  ctx: IntegrationsCtx,
  work: () => Promise<void>,
): Promise<ConnectorTrouble | undefined> {
  try {
    await work()
    return undefined
  } catch (error) {
    if (!(error instanceof ConnectorTrouble)) throw error
    if (!isTrouble(error, 'revoked'))
      ctx.log.warn({ trouble: error.message }, 'a channel was not opened or closed; looks go on without it')
    return error
  }
}
