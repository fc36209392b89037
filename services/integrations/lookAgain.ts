// Looks at a source once more and compares with the last look: what was open and is not any more was completed or
// removed. Whatever made oO look, and however often, the same two states give the same events, each once.
import { timestampFromDate } from '@bufbuild/protobuf/wkt'
import { transaction } from '@oo/kernel'
import { accountHashOf } from './account.ts'
import { lookAtCalendar } from './calendar/lookAtCalendar.ts'
import { type Connector, ConnectorTrouble } from './connectors/connector.ts'
import { mayRead, rests, restsIn } from './consent.ts'
import type { IntegrationsCtx } from './context.ts'
import { type Seen, see } from './see.ts'
import { type Grant, grantFor, lockGrant } from './store.ts'
import {
  dropOpenItems,
  handBack,
  keepOpenItems,
  markAsked,
  openItemsOf,
  putOff,
  recordLook,
} from './storeLooks.ts'
import { nextTurn, turnAfterTrouble, turnsOf } from './turns.ts'
import { withGrant } from './withGrant.ts'

const lookWithinMs = 20_000
const mostTries = 3

export interface Look {
  personId: string
  source: string
  signal: AbortSignal
}

export async function lookAgain(ctx: IntegrationsCtx, { personId, source, signal }: Look): Promise<void> {
  const connector = ctx.sources.get(source)?.connector
  if (connector?.calendar) return lookAtCalendar(ctx, connector, { personId, source, signal })
  for (let tries = 0; tries < mostTries; tries++) {
    const grant = await grantFor(ctx.db, personId, source)
    const app = connector?.tasks
    if (!app || grant?.state !== 'connected') return
    const { consents, timeZone } = await ctx.profiles.wishes(personId)
    if (!mayRead(connector, consents) && (await rests(ctx, connector, grant))) return
    const total = AbortSignal.any([signal, AbortSignal.timeout(lookWithinMs)])
    let seen: Seen
    try {
      const known = await openItemsOf(ctx.db, grant)
      // Of what lies in memory anyway: a look keeps nothing there, and keeps it no longer.
      const lastRead = ctx.memory.knownOf(grant)
      const asked = { known, lastRead, timeZone, now: ctx.clock.now(), signal: total }
      seen = await withGrant(ctx, connector, grant, tokens => see(app, tokens, { grant, ...asked }))
    } catch (error) {
      if (!(error instanceof ConnectorTrouble)) throw error
      if (signal.aborted) return handBack(ctx.db, grant, ctx.clock.now())
      const { retryAfterSeconds } = error
      const next = turnAfterTrouble(turnsOf(ctx, source), { failures: grant.lookFailures, retryAfterSeconds })
      return putOff(ctx.db, grant, { at: ctx.clock.now(), next })
    }
    ctx.memory.outdate(personId, source)
    if (await record(ctx, connector, { before: grant, seen })) return
  }
  throw new Error('other looks at the same source came between; this one is tried again')
}

/** False when another look was recorded since this one began: it may have seen more. */
async function record(
  ctx: IntegrationsCtx,
  connector: Connector,
  { before, seen }: { before: Grant; seen: Seen },
): Promise<boolean> {
  const { personId, provider: source } = before
  return transaction(ctx.db, async tx => {
    const grant = await lockGrant(tx, before.id)
    if (!grant) return true
    if (await restsIn(ctx, tx, { connector, before })) return true
    if (grant.looks !== before.looks) return false
    await keepOpenItems(tx, grant, seen.open)
    const closed = seen.completed.filter(({ isOpen }) => !isOpen).map(({ externalId }) => externalId)
    await dropOpenItems(tx, grant, [...closed, ...seen.removed])
    await markAsked(tx, grant, { ids: seen.unlisted, at: ctx.clock.now() })
    for (const { externalId, at } of seen.completed) {
      const completedAt = at ? { completedAt: timestampFromDate(at) } : {}
      await ctx.events.append(tx, personId, {
        case: 'taskCompleted',
        value: { source, externalId, ...completedAt },
      })
    }
    for (const externalId of seen.removed)
      await ctx.events.append(tx, personId, { case: 'taskRemoved', value: { source, externalId } })
    const accountHash = accountHashOf(ctx, source, seen.account)
    const at = ctx.clock.now()
    // Where nothing came of it, such as for tasks that are open and not listed, the next look has time.
    const next =
      seen.isPartial && seen.completed.length + seen.removed.length > 0 ? at : nextTurn(turnsOf(ctx, source))
    const { mark, isWhole } = seen
    await recordLook(tx, before, { at, next, accountHash, mark, isWhole })
    return true
  })
}
