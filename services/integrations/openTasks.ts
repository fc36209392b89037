import { type Connector, isTrouble } from './connectors/connector.ts'
import type { IntegrationsCtx } from './context.ts'
import type { OpenTasks, SourceState } from './door.ts'
import { type Grant, grantFor, grantsOf } from './store.ts'
import { withGrant } from './withGrant.ts'

const readWithinMs = 5_000

export interface Look {
  waitMs: number
  /** Waits although the last read failed: someone is looking at this very source. */
  evenAfterTrouble?: boolean
}

/** Open tasks of every connected source a person lets oO read. */
export async function openTasks(ctx: IntegrationsCtx, personId: string, look: Look): Promise<OpenTasks> {
  const [grants, wishes] = await Promise.all([grantsOf(ctx.db, personId), ctx.profiles.wishes(personId)])
  if (!wishes.consents.has('sync')) {
    forgetTasks(ctx, personId)
    return { state: 'none', tasks: [] }
  }
  const looks = grants.flatMap(grant => {
    const connector = ctx.sources.get(grant.provider)?.connector
    return connector?.tasks ? [lookAt(ctx, connector, { grant, timeZone: wishes.timeZone, look })] : []
  })
  const sources = await Promise.all(looks)
  return { state: worstOf(sources), tasks: sources.flatMap(source => source.tasks) }
}

const inOrder: readonly SourceState[] = ['connected', 'away', 'reconnect']

/** One source that answers is enough to have tasks; what is wrong with another is told on the connect page. */
const worstOf = (sources: OpenTasks[]): SourceState =>
  inOrder.find(state => sources.some(source => source.state === state)) ?? 'none'

/** The tasks of one source: from memory, else from the provider within the time there is. */
export async function lookAt(
  ctx: IntegrationsCtx,
  connector: Connector,
  { grant, timeZone, look }: { grant: Grant; timeZone: string | null; look: Look },
): Promise<OpenTasks> {
  const { personId, provider } = grant
  if (grant.state === 'reconnect') return { state: 'reconnect', tasks: [] }
  const inZone = () => {
    const shelf = shelfOf(ctx, grant)
    return shelf?.timeZone === timeZone ? shelf : undefined
  }
  const known = inZone()
  if (known?.isFresh) return { state: 'connected', tasks: known.tasks }
  const key = flightKey(personId, provider)
  const trouble = ctx.flights.troubleOf(key)
  const flight = connector.isAway()
    ? undefined
    : ctx.flights.join(key, isWanted => read(ctx, connector, { grant, timeZone, isWanted }))
  if (known) return { state: trouble || !flight ? 'away' : 'connected', tasks: known.tasks }
  if (flight && (!trouble || look.evenAfterTrouble)) {
    const leftMs = look.waitMs - (performance.now() - flight.begunAt)
    if (leftMs > 0) await within(flight.landed, leftMs)
  }
  const found = inZone()
  if (found) return { state: 'connected', tasks: found.tasks }
  return { state: ctx.flights.troubleOf(key)?.kind === 'revoked' ? 'reconnect' : 'away', tasks: [] }
}

function shelfOf(ctx: IntegrationsCtx, { id, personId, provider }: Grant) {
  const shelf = ctx.memory.read(personId, provider)
  return shelf?.grantId === id ? shelf : undefined
}

async function read(
  ctx: IntegrationsCtx,
  connector: Connector,
  input: { grant: Grant; timeZone: string | null; isWanted: () => boolean },
): Promise<void> {
  const { personId, provider, id: grantId } = input.grant
  const startedAtMs = ctx.clock.now().getTime()
  // The row may have been refreshed or replaced since it was read for the page.
  const [grant, app] = [await grantFor(ctx.db, personId, provider), connector.tasks]
  if (grant?.id !== grantId || !app) return
  try {
    const { timeZone } = input
    const known = shelfOf(ctx, grant)?.known
    const signal = AbortSignal.timeout(readWithinMs)
    const read = await withGrant(ctx, connector, grant, tokens =>
      app.read(tokens, { timeZone, known }, signal),
    )
    if (input.isWanted())
      ctx.memory.keep(personId, { source: provider, grantId, timeZone, ...read, startedAtMs })
  } catch (error) {
    if (isTrouble(error, 'revoked') && input.isWanted()) ctx.memory.drop(personId, provider)
    throw error
  }
}

/** Resolves when the work is done or the time is over, whichever comes first. */
async function within(work: Promise<void>, ms: number): Promise<void> {
  const { promise: over, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  await Promise.race([work, over])
  clearTimeout(timer)
}

const flightKey = (personId: string, source: string): string => `${personId} ${source}`

/** Text of a person goes from memory, and what is still being read no longer arrives. */
export function forgetTasks(ctx: IntegrationsCtx, personId: string, only?: string): void {
  for (const source of only ? [only] : ctx.sources.keys()) {
    ctx.flights.forget(flightKey(personId, source))
    ctx.memory.drop(personId, source)
  }
}
