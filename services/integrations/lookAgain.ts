// Looks at a source once more and compares with the last look: what was open and is not any more was completed or
// removed. Whatever made oO look, and however often, the same two states give the same events, each once.
import { timestampFromDate } from '@bufbuild/protobuf/wkt'
import { type JobDefinition, type Tx, transaction } from '@oo/kernel'
import { accountHashOf } from './account.ts'
import { lookAtCalendar } from './calendar/lookAtCalendar.ts'
import {
  type Connector,
  ConnectorTrouble,
  isTrouble,
  type TaskApp,
  type TaskState,
  type Tokens,
} from './connectors/connector.ts'
import type { IntegrationsCtx } from './context.ts'
import type { OpenTask } from './door.ts'
import { type Grant, grantFor, lockGrant } from './store.ts'
import {
  addOpenItems,
  dropOpenItems,
  forgetOpenItems,
  markAsked,
  openItemsOf,
  putOff,
  recordLook,
} from './storeLooks.ts'
import { withGrant } from './withGrant.ts'

export const lookAgainJob = 'integrations.look-again'

const lookWithinMs = 20_000
/** The rest is found by the next look, which follows at once where this one found something. */
const mostClosed = 50
const mostTries = 3

export const lookAgainJobOf = (ctx: IntegrationsCtx): JobDefinition => ({
  name: lookAgainJob,
  promise: 'What changed in a connected app was not noticed yet; the next look finds it.',
  oneWaiting: true,
  run({ personId = '', source = '' }, signal) {
    const connector = ctx.sources.get(source)?.connector
    const look = { personId, source, signal }
    return connector?.calendar ? lookAtCalendar(ctx, connector, look) : lookAgain(ctx, look)
  },
})

export const enqueueLook = (
  ctx: IntegrationsCtx,
  tx: Tx,
  look: { personId: string; source: string },
): Promise<void> => ctx.jobs.enqueue(tx, lookAgainJob, look, { about: `${look.source} ${look.personId}` })

interface Look {
  personId: string
  source: string
  signal: AbortSignal
}

interface Seen {
  account: string
  tasks: OpenTask[]
  completed: { externalId: string; at: Date | null }[]
  removed: string[]
  /** Open still, or unclear, and not listed: they wait behind those that were not asked about as lately. */
  unlisted: string[]
  /** More closed than one look takes. */
  isPartial: boolean
}

export async function lookAgain(ctx: IntegrationsCtx, { personId, source, signal }: Look): Promise<void> {
  const connector = ctx.sources.get(source)?.connector
  for (let tries = 0; tries < mostTries; tries++) {
    const grant = await grantFor(ctx.db, personId, source)
    if (!connector?.tasks || grant?.state !== 'connected') return
    const { consents, timeZone } = await ctx.profiles.wishes(personId)
    if (!consents.has('sync')) return forgetOpenItems(ctx.db, { personId })
    let seen: Seen
    try {
      seen = await see(ctx, { connector, app: connector.tasks }, { grant, timeZone, signal })
    } catch (error) {
      if (!(error instanceof ConnectorTrouble)) throw error
      // Not tried again at once: its turn comes again, and a provider in trouble is left alone until then.
      return putOff(ctx.db, grant, ctx.clock.now())
    }
    ctx.memory.outdate(personId, source)
    if (await record(ctx, grant, seen)) return
  }
  throw new Error('other looks at the same source came between; this one is tried again')
}

async function see(
  ctx: IntegrationsCtx,
  { connector, app }: { connector: Connector; app: TaskApp },
  { grant, timeZone, signal }: { grant: Grant; timeZone: string | null; signal: AbortSignal },
): Promise<Seen> {
  const total = AbortSignal.any([signal, AbortSignal.timeout(lookWithinMs)])
  const known = await openItemsOf(ctx.db, grant)
  return withGrant(ctx, connector, grant, async tokens => {
    // Of what lies in memory anyway: a look keeps nothing there, and keeps it no longer.
    const lastRead = ctx.memory.knownOf(grant)
    const { tasks } = await app.read(tokens, { timeZone, known: lastRead }, total)
    const open = new Set(tasks.map(task => task.externalId))
    const closed = known.filter(id => !open.has(id))
    const seen: Seen = {
      account: tokens.account,
      tasks,
      completed: [],
      removed: [],
      unlisted: [],
      isPartial: closed.length > mostClosed,
    }
    for (const id of closed.slice(0, mostClosed)) {
      const state = await stateOf(app, tokens, id, total)
      if (state.is === 'completed') seen.completed.push({ externalId: id, at: state.at })
      else if (state.is === 'gone') seen.removed.push(id)
      else seen.unlisted.push(id)
    }
    return seen
  })
}

/** One task of which nothing sensible is said waits; the others are recorded. */
async function stateOf(app: TaskApp, tokens: Tokens, id: string, signal: AbortSignal): Promise<TaskState> {
  try {
    return await app.taskState(tokens, id, signal)
  } catch (error) {
    if (isTrouble(error, 'garbage')) return { is: 'open' }
    throw error
  }
}

/** False when another look was recorded since this one began: it may have seen more. */
async function record(ctx: IntegrationsCtx, before: Grant, seen: Seen): Promise<boolean> {
  const { personId, provider: source } = before
  return transaction(ctx.db, async tx => {
    const grant = await lockGrant(tx, before.id)
    if (!grant) return true
    if (grant.looks !== before.looks) return false
    await addOpenItems(
      tx,
      grant,
      seen.tasks.map(task => task.externalId),
    )
    const completed = seen.completed.map(({ externalId }) => externalId)
    await dropOpenItems(tx, grant, [...completed, ...seen.removed])
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
    await recordLook(tx, grant, { at: ctx.clock.now(), accountHash })
    // Where nothing came of it, such as for tasks that are open and not listed, the next look has time.
    if (seen.isPartial && seen.completed.length + seen.removed.length > 0)
      await enqueueLook(ctx, tx, { personId, source })
    return true
  })
}
