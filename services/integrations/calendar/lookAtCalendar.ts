// Reads what changed in a person's calendar and keeps when they are busy. The same from whatever made oO look.
import { keyedHash, onCommit, transaction } from '@oo/kernel'
import { accountHashOf } from '../account.ts'
import { type CalendarRead, type Connector, ConnectorTrouble } from '../connectors/connector.ts'
import { mayRead, rests, restsIn } from '../consent.ts'
import type { IntegrationsCtx } from '../context.ts'
import { type Grant, grantFor, lockGrant } from '../store.ts'
import { handBack, putOff, recordLook } from '../storeLooks.ts'
import { nextTurn, turnAfterTrouble, turnsOf } from '../turns.ts'
import { withGrant } from '../withGrant.ts'
import { openCursor, sealCursor } from './cursor.ts'
import {
  type CalendarRow,
  calendarOf,
  countBusyTimes,
  dropAllBut,
  dropBusyTimes,
  forgetCursor,
  keepCalendar,
  putBusyTimes,
  trimBusyTimes,
  type Whose,
} from './store.ts'
import { endWatch, keepWatched } from './watch.ts'

const dayMs = 86_400_000
const lookWithinMs = 20_000
const keptBehindMs = dayMs
const keptAheadMs = 30 * dayMs
/** Read a day further than is kept: a cursor's end stays where it was, so the whole is read anew once a day. */
const readAheadMs = keptAheadMs + dayMs
const mostKept = 1_000
const mostTries = 5

export interface CalendarLook {
  personId: string
  source: string
  signal: AbortSignal
}

export async function lookAtCalendar(
  ctx: IntegrationsCtx,
  connector: Connector,
  { personId, source, signal }: CalendarLook,
): Promise<void> {
  for (let tries = 0; tries < mostTries; tries++) {
    const grant = await grantFor(ctx.db, personId, source)
    if (!connector.calendar || grant?.state !== 'connected') return
    const { consents } = await ctx.profiles.wishes(personId)
    if (!mayRead(connector, consents) && (await rests(ctx, connector, grant)))
      return endWatch(ctx, connector, { grant, signal })
    try {
      const seen = await see(ctx, connector, { grant, signal })
      if (await record(ctx, connector, { before: grant, ...seen }))
        return keepWatched(ctx, connector, { grant, signal })
    } catch (error) {
      if (!(error instanceof ConnectorTrouble)) throw error
      if (signal.aborted) return handBack(ctx.db, grant, ctx.clock.now())
      // A cursor that is answered with nonsense is not asked with again.
      if (error.kind === 'garbage') await forgetCursor(ctx.db, grant)
      const trouble = { failures: grant.lookFailures, retryAfterSeconds: error.retryAfterSeconds }
      const next = turnAfterTrouble(turnsOf(ctx, source), trouble)
      return putOff(ctx.db, grant, { at: ctx.clock.now(), next })
    }
  }
  throw new Error('other looks at the same calendar came between; this one is tried again')
}

interface Seen {
  read: CalendarRead
  readTo: Date
  account: string
}

async function see(
  ctx: IntegrationsCtx,
  connector: Connector,
  { grant, signal }: { grant: Grant; signal: AbortSignal },
): Promise<Seen> {
  const total = AbortSignal.any([signal, AbortSignal.timeout(lookWithinMs)])
  const now = ctx.clock.now().getTime()
  const from = new Date(now - keptBehindMs)
  const known = await calendarOf(ctx.db, grant)
  const since = known && stillReaches(known, now) ? openCursor(ctx, grant, known.cursor) : null
  const end = new Date(now + readAheadMs)
  return withGrant(ctx, connector, grant, async tokens => {
    const asked = { since, from, to: known && since !== null ? known.readTo : end }
    const read = await connector.calendar?.read(tokens, asked, total)
    if (!read) throw new ConnectorTrouble('garbage', 'there is no calendar')
    return { read, readTo: asked.to, account: tokens.account }
  })
}

const stillReaches = (known: CalendarRow, now: number): known is CalendarRow & { cursor: Buffer } =>
  known.cursor !== null && known.readTo.getTime() >= now + keptAheadMs

/** False when another look was recorded since this one began: its cursor is another one. */
async function record(
  ctx: IntegrationsCtx,
  connector: Connector,
  { before, read, readTo, account }: Seen & { before: Grant },
): Promise<boolean> {
  const { personId, provider } = before
  const now = ctx.clock.now()
  return transaction(ctx.db, async tx => {
    const grant = await lockGrant(tx, before.id)
    if (!grant) return true
    if (await restsIn(ctx, tx, { connector, before })) return true
    if (grant.looks !== before.looks) return false
    onCommit(tx, () => ctx.calendarMemory.forget(personId))
    const times = soonest(read).map(({ externalId, ...time }) => ({
      ...time,
      eventHash: hashOf(ctx, grant, externalId),
    }))
    const gone = read.whole
      ? await dropAllBut(
          tx,
          grant,
          times.map(({ eventHash }) => eventHash),
        )
      : await dropBusyTimes(
          tx,
          grant,
          read.removed.map(id => hashOf(ctx, grant, id)),
        )
    const put = await putBusyTimes(tx, grant, times)
    await trimBusyTimes(tx, grant, {
      before: new Date(now.getTime() - keptBehindMs),
      from: new Date(now.getTime() + keptAheadMs),
      most: mostKept,
    })
    const cursor = read.next === null ? null : sealCursor(ctx, grant, read.next)
    await keepCalendar(tx, { personId, provider, cursor, readTo, syncedAt: now })
    const accountHash = accountHashOf(ctx, provider, account)
    const next = nextTurn(turnsOf(ctx, provider))
    await recordLook(tx, before, { at: now, next, accountHash, mark: null, isWhole: read.whole })
    if (gone + put === 0) return true
    const intervals = await countBusyTimes(tx, grant)
    await ctx.events.append(tx, personId, { case: 'calendarSynced', value: { source: provider, intervals } })
    return true
  })
}

/** One of each id, the last one told; no more than are kept. */
function soonest({ changed }: CalendarRead): CalendarRead['changed'] {
  const byId = new Map(changed.map(time => [time.externalId, time]))
  return [...byId.values()].sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime()).slice(0, mostKept)
}

const hashOf = ({ secret }: Pick<IntegrationsCtx, 'secret'>, { personId, provider }: Whose, id: string) =>
  keyedHash(secret, 'integrations.busy', `${personId} ${provider} ${id}`)
