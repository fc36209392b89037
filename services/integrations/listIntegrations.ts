import type { Wishes } from '@oo/profile'
import type { Integration } from '@oo/shared-types'
import type { Connector } from './connectors/connector.ts'
import { mayRead } from './consent.ts'
import type { IntegrationsCtx, Source } from './context.ts'
import type { SourceState } from './door.ts'
import { lookAt } from './openTasks.ts'
import { type Grant, grantsOf } from './store.ts'
import { grantPlace } from './vault.ts'

const lookWithinMs = 1_500

/** Every app oO can read, how this person's stand, and what to do where something is wrong. */
export async function listIntegrations(ctx: IntegrationsCtx, personId: string): Promise<Integration[]> {
  const [grants, wishes] = await Promise.all([grantsOf(ctx.db, personId), ctx.profiles.wishes(personId)])
  return Promise.all(
    [...ctx.sources.values()].map(source => {
      const grant = grants.find(({ provider }) => provider === source.about.id)
      return standingOf(ctx, source, { grant, wishes })
    }),
  )
}

async function standingOf(
  ctx: IntegrationsCtx,
  { about, connector }: Source,
  { grant, wishes }: { grant: Grant | undefined; wishes: Wishes },
): Promise<Integration> {
  const { id, name, reads, stores } = about
  const since = grant && { connectedAt: grant.connectedAt.toISOString() }
  const row = { id, name, reads, stores, ...(connector && { entry: connector.entry.by }), ...since }
  if (!connector) {
    const message = `This instance has no credentials for ${name}; its operator can add them to the settings.`
    return { ...row, state: 'unavailable', message }
  }
  if (!grant) return { ...row, state: 'disconnected' }
  if (!mayRead(connector, wishes.consents)) {
    const message = `You withdrew the consent to read, so oO does not look at ${name}. Allow it again on your page, or disconnect.`
    return { ...row, state: 'connected', message }
  }
  const { state, openTasks } = await lookNow(ctx, connector, { grant, timeZone: wishes.timeZone })
  if (state === 'reconnect')
    return {
      ...row,
      ...typedInto(ctx, connector, grant),
      state,
      message: `${name} no longer lets oO in. Connect it again.`,
    }
  if (state === 'connected') return { ...row, state, ...(openTasks !== undefined && { openTasks }) }
  const message = `${name} does not answer right now. You need not do anything; oO tries again by itself.`
  return { ...row, state: 'away', message }
}

/** So that it need not be typed again. */
function typedInto(ctx: IntegrationsCtx, { entry }: Connector, grant: Grant): Pick<Integration, 'typed'> {
  if (entry.by === 'provider') return {}
  try {
    return { typed: entry.typedIn(ctx.vault.open(grant, grantPlace(grant))) }
  } catch (error) {
    ctx.log.warn({ err: error, grantId: grant.id }, 'a grant does not open; its person types all of it again')
    return {}
  }
}

/** A calendar is not read while somebody waits: how it stands is what the last look found. */
async function lookNow(
  ctx: IntegrationsCtx,
  connector: Connector,
  { grant, timeZone }: { grant: Grant; timeZone: string | null },
): Promise<{ state: SourceState; openTasks?: number }> {
  if (grant.state === 'reconnect') return { state: 'reconnect' }
  if (!connector.tasks) return { state: connector.isAway() || grant.lookFailures > 0 ? 'away' : 'connected' }
  const look = { waitMs: lookWithinMs, evenAfterTrouble: true }
  const { state, tasks } = await lookAt(ctx, connector, { grant, timeZone, look })
  return { state, openTasks: tasks.length }
}
