// A source is read only while its person agrees. What they say is heard as an event, and asked again by whoever is about
// to write what was read, with the grant's row locked: so a look that began before they said no leaves nothing behind.
import { type Tx, transaction } from '@oo/kernel'
import type { Purpose } from '@oo/shared-types'
import { forgetBusyTimes } from './calendar/store.ts'
import type { Connector } from './connectors/connector.ts'
import type { IntegrationsCtx } from './context.ts'
import { type Grant, lockGrant, lockGrantsAt } from './store.ts'
import { endLooks, forgetOpenItems, lookNow, restLook } from './storeLooks.ts'
import { nextTurn, turnsOf } from './turns.ts'

/** What a calendar is read by: a person withdraws either. */
export const calendarPurposes: readonly Purpose[] = ['sync', 'calendar']

export const mayRead = (connector: Connector, consents: ReadonlySet<Purpose>): boolean =>
  connector.calendar ? calendarPurposes.every(purpose => consents.has(purpose)) : consents.has('sync')

/** What a person says of all their tasks, or calendars: looks under way count no more, or the next ones come at once. */
export async function turnLooks(
  ctx: IntegrationsCtx,
  tx: Tx,
  { personId, app, granted }: { personId: string; app: 'tasks' | 'calendar'; granted: boolean },
): Promise<void> {
  const sources = [...ctx.sources.values()].filter(({ connector }) => connector?.[app])
  const providers = sources.map(({ about }) => about.id)
  const ids = await lockGrantsAt(tx, personId, providers)
  await (granted ? lookNow(tx, ids, ctx.clock.now()) : endLooks(tx, ids))
}

/** True where a consent is missing: what is known is forgotten, and nobody is to blame. The caller has locked the grant. */
export async function restsIn(
  ctx: IntegrationsCtx,
  tx: Tx,
  { connector, before }: { connector: Connector; before: Grant },
): Promise<boolean> {
  const { personId, provider } = before
  if (mayRead(connector, await ctx.profiles.consentsNow(tx, personId))) return false
  if (connector.tasks) await forgetOpenItems(tx, { personId, provider })
  if (connector.calendar) await forgetBusyTimes(tx, { personId, provider })
  await restLook(tx, before, { at: ctx.clock.now(), next: nextTurn(turnsOf(ctx, provider)) })
  return true
}

/** The same for who holds nothing yet; also true where the grant is gone. */
export const rests = (ctx: IntegrationsCtx, connector: Connector, before: Grant): Promise<boolean> =>
  transaction(
    ctx.db,
    async tx => !(await lockGrant(tx, before.id)) || restsIn(ctx, tx, { connector, before }),
  )
