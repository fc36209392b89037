// On the day of the connection oO reads when tasks were completed in the 90 days before, and keeps counts of it: no
// words, no ids. Nobody chose these moments, so there are no propensities, and nothing is learned from them.
import { type JobDefinition, type Tx, transaction } from '@oo/kernel'
import { ConnectorTrouble, type PastDone } from './connectors/connector.ts'
import { openWallClock } from './connectors/wallClock.ts'
import { mayRead } from './consent.ts'
import type { IntegrationsCtx } from './context.ts'
import type { PastOfSource } from './door.ts'
import { grantOfId, lockGrant } from './store.ts'
import {
  addPast,
  allPast,
  countPastFailure,
  type PastCount,
  pastReadOf,
  recordPastPage,
  wholePasts,
} from './storePast.ts'
import { withGrant } from './withGrant.ts'

export const readPastJob = 'integrations.read-past'
const pastMs = 90 * 86_400_000
const mostPages = 100
const pageWithinMs = 10_000
const firstPauseMs = 300_000
const longestPauseMs = 6 * 3_600_000
/** A week, with these pauses. */
const mostFailures = 35

export const readPastJobOf = (ctx: IntegrationsCtx): JobDefinition => ({
  name: readPastJob,
  promise:
    'What a person completed before they connected is not told in what oO learned; connecting again reads it.',
  run: ({ grantId }, signal) => readPast(ctx, grantId ?? '', signal),
})

export const enqueuePast = (
  ctx: IntegrationsCtx,
  tx: Tx,
  grantId: string,
  startAfter?: Date,
): Promise<void> => ctx.jobs.enqueue(tx, readPastJob, { grantId }, startAfter && { startAfter })

export async function readPast(ctx: IntegrationsCtx, grantId: string, signal: AbortSignal): Promise<void> {
  for (let pages = 0; pages < mostPages; pages += 1) if (await readPage(ctx, grantId, signal)) return
}

/** One page and what it counts, in one transaction with the place of the next; true when there is no more to do now. */
async function readPage(ctx: IntegrationsCtx, grantId: string, signal: AbortSignal): Promise<boolean> {
  const [grant, read] = [await grantOfId(ctx.db, grantId), await pastReadOf(ctx.db, grantId)]
  const connector = grant && ctx.sources.get(grant.provider)?.connector
  const past = connector?.tasks?.past
  if (!grant || !connector || !past || grant.state !== 'connected' || read?.isOver) return true
  const { consents, timeZone } = await ctx.profiles.wishes(grant.personId)
  // Nine in the morning is not known before the person's clock is.
  if (!mayRead(connector, consents) || timeZone === null) return true
  const until = read?.until ?? grant.connectedAt
  const asked = { since: new Date(until.getTime() - pastMs), until, place: read?.place ?? null }
  const total = AbortSignal.any([signal, AbortSignal.timeout(pageWithinMs)])
  try {
    const page = await withGrant(ctx, connector, grant, tokens => past(tokens, asked, total))
    const pages = (read?.pages ?? 0) + 1
    const isPartial = page.next !== null && pages >= mostPages
    const isOver = page.next === null || isPartial
    return await transaction(ctx.db, async tx => {
      if (!(await lockGrant(tx, grantId))) return true
      if (!mayRead(connector, await ctx.profiles.consentsNow(tx, grant.personId))) return true
      const isFirst = await recordPastPage(tx, { grantId, until, place: page.next, pages, isOver, isPartial })
      if (isFirst) await addPast(tx, grant, countsOf(page.done, timeZone))
      return isOver
    })
  } catch (error) {
    if (!(error instanceof ConnectorTrouble) || error.kind === 'revoked') throw error
    await transaction(ctx.db, tx => tryLater(ctx, tx, { grantId, until, asked: error.retryAfterSeconds }))
    return true
  }
}

/** Ever more seldom; a page that cannot be had for a week is given up with all that would come after it. */
async function tryLater(
  ctx: IntegrationsCtx,
  tx: Tx,
  { grantId, until, asked }: { grantId: string; until: Date; asked: number | undefined },
): Promise<void> {
  const failures = await countPastFailure(tx, { grantId, until, most: mostFailures })
  if (failures === undefined || failures >= mostFailures) return
  const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** (failures - 1))
  const waitMs = Math.max(pauseMs, (asked ?? 0) * 1_000)
  await enqueuePast(ctx, tx, grantId, new Date(ctx.clock.now().getTime() + waitMs))
}

/** By the person's clock, because nine in the morning is when it is nine for them. */
export function countsOf(done: readonly PastDone[], timeZone: string): PastCount[] {
  const wall = openWallClock(timeZone)
  const counts = new Map<string, PastCount>()
  for (const { at, priority, effortMin, recurring } of done) {
    const shown = wall.shown(at)
    const weekday = shown.getUTCDay() || 7
    const effort = effortMin === null ? 0 : effortMin <= 15 ? 1 : effortMin <= 60 ? 2 : 3
    const count = {
      weekday,
      hour: shown.getUTCHours(),
      priority: Math.min(4, Math.max(0, priority)),
      effort,
      recurring,
    }
    const key = JSON.stringify(count)
    counts.set(key, { ...count, times: (counts.get(key)?.times ?? 0) + 1 })
  }
  return [...counts.values()]
}

export async function pastOf(ctx: IntegrationsCtx, personId: string): Promise<PastOfSource[]> {
  const { consents } = await ctx.profiles.wishes(personId)
  if (!consents.has('sync')) return []
  const bySource = Map.groupBy(await allPast(ctx.db, personId), ({ source }) => source)
  const whole = await wholePasts(ctx.db, personId)
  return [...bySource].map(([source, counts]) => ({
    name: ctx.sources.get(source)?.about.name ?? source,
    isPartial: !whole.has(source),
    done: counts.map(({ weekday, hour, times }) => ({ weekday, hour, times })),
  }))
}
