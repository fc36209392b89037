import { createBuckets, keyedHash, type Module } from '@oo/kernel'
import type { Handlers } from '@oo/shared-types/handlers'
import { LRUCache } from 'lru-cache'
import { busyDayOf } from './calendar/busyDay.ts'
import { closeChannelsJobOf, closeChannelsWithConsent } from './calendar/closeChannels.ts'
import { heedCalendarConsent } from './calendar/heedConsent.ts'
import { openCalendarMemory } from './calendar/memory.ts'
import { forgetSilent } from './calendar/storeChannels.ts'
import { completeTask } from './completeTask.ts'
import { caldavAbout, createCalDav } from './connectors/caldav/caldav.ts'
import { createGoogleCalendar, googleCalendarAbout } from './connectors/google-calendar/googleCalendar.ts'
import { createTodoist, todoistAbout } from './connectors/todoist/todoist.ts'
import { connectWithinSeconds } from './connectState.ts'
import type { GivenCtx, IntegrationsCtx, IntegrationsSettings, Source } from './context.ts'
import type { Integrations } from './door.ts'
import { eraserOf } from './eraser.ts'
import { exporterOf } from './exporter.ts'
import { openFlights } from './flights.ts'
import { heedConsent } from './heedConsent.ts'
import { heedTimeZone } from './heedTimeZone.ts'
import { forgetOldIngress } from './ingress/forget.ts'
import { sealDecoy } from './ingress/secrets.ts'
import { type Look, lookAgain } from './lookAgain.ts'
import { openMemory, type Shelf } from './memory.ts'
import { forgetTasks, openTasks } from './openTasks.ts'
import { pastOf, readPastJobOf } from './readPast.ts'
import { deliveriesKeptMs } from './receiveWebhook.ts'
import { openRefreshes } from './refreshes.ts'
import { discardOverdue, revokeGrantJobOf } from './revokeGrant.ts'
import { keyHolders } from './rewrapKeys.ts'
import { type Operations, routes } from './routes.ts'
import { defaultLookEveryMs, openSchedule, type Schedule } from './schedule.ts'
import { discardOldSignals } from './signals/forget.ts'
import { measureFreshness, readFreshness } from './signals/freshness.ts'
import { listSignals } from './signals/listSignals.ts'
import { momentContext } from './signals/momentContext.ts'
import { openSignalsMemory } from './signals/signalsMemory.ts'
import { forgetDeliveries } from './storeLooks.ts'
import * as tables from './tables.ts'
import { openVault } from './vault.ts'

export type { IntegrationsSettings } from './context.ts'
export type * from './door.ts'
export { nothingKnown } from './signals/momentContext.ts'

const discardEveryMs = 3_600_000
const maxSpentStates = 10_000

/** For who wants a look now, and not when its turn comes: tests and measurements. */
export interface Looks extends Pick<Schedule, 'round' | 'idle'> {
  at(look: Look): Promise<void>
}

export function createIntegrations(
  given: GivenCtx,
  settings: IntegrationsSettings,
): { door: Integrations; module: Module<Handlers<Operations>>; looks: Looks } {
  const ctx: IntegrationsCtx = { ...contextOf(given, settings), lookSoon: () => void schedule.round() }
  const schedule = openSchedule(ctx)
  given.events.subscribe({
    name: 'integrations.memory',
    inMemory: true,
    subjects: [
      'profile.consent.changed',
      'account.source.disconnected',
      'signals.task.completed',
      'signals.task.removed',
    ],
    async handle(_tx, { personId, payload }) {
      if (payload.case === 'taskCompleted' || payload.case === 'taskRemoved')
        return ctx.memory.completed(personId, payload.value.source, payload.value.externalId)
      const stays =
        payload.case === 'consentChanged' && (payload.value.purpose !== 'sync' || payload.value.granted)
      if (!stays) forgetTasks(ctx, personId)
    },
  })
  heedConsent(ctx)
  heedTimeZone(ctx)
  heedCalendarConsent(ctx)
  closeChannelsWithConsent(ctx)
  const sweeps: NodeJS.Timeout[] = []
  let stopMeasuring = () => {}
  const oldWebhooks = () => forgetDeliveries(ctx.db, new Date(ctx.clock.now().getTime() - deliveriesKeptMs))
  const silentChannels = () => forgetSilent(ctx.db, ctx.clock.now())
  /** Each by itself: what one cannot delete keeps none of the others from it. */
  const discard = async () => {
    for (const old of [discardOverdue, discardOldSignals, forgetOldIngress, oldWebhooks, silentChannels])
      await old(ctx).catch((error: unknown) =>
        given.log.warn(
          { err: error, of: old.name },
          'what is past its time was not deleted; the next round goes on',
        ),
      )
  }

  return {
    looks: { at: look => lookAgain(ctx, look), round: schedule.round, idle: schedule.idle },
    door: {
      signals: personId => listSignals(ctx, personId),
      freshness: () => readFreshness(ctx),
      contextOf: (personId, consents) => momentContext(ctx, personId, consents),
      openTasks: (personId, { waitMs }) => openTasks(ctx, personId, { waitMs }),
      itemOf: (personId, source, externalId) => ctx.memory.read(personId, source)?.find(externalId),
      stateOf(personId, source, externalId) {
        const shelf = ctx.memory.read(personId, source)
        if (!shelf?.isFresh) void openTasks(ctx, personId, { waitMs: 0 }).catch(noticed(given))
        return stateOf(shelf, externalId)
      },
      past: personId => pastOf(ctx, personId),
      complete: (personId, source, externalId, signal, key) =>
        completeTask(ctx, personId, 'complete', { source, externalId, key, signal }),
      reopen: (personId, source, externalId, signal, key) =>
        completeTask(ctx, personId, 'reopen', { source, externalId, key, signal }),
      busyTimesOf: (personId, now) => busyDayOf(ctx, personId, now),
    },
    module: {
      name: 'integrations',
      tables: Object.values(tables),
      handlers: routes(ctx),
      jobs: [revokeGrantJobOf(ctx), readPastJobOf(ctx), closeChannelsJobOf(ctx)],
      health: [...ctx.sources.values()].flatMap(({ about, connector }) =>
        // Where everyone names a server of their own, no one of them is this instance's to answer for.
        connector?.entry.by === 'provider'
          ? [
              {
                name: about.id,
                check: async () => (connector.isAway() ? awaySentence(about.name) : undefined),
              },
            ]
          : [],
      ),
      exporter: exporterOf(ctx),
      eraser: eraserOf(ctx),
      tidy: () => ctx.memory.dropIdle(),
      keys: keyHolders,
      async start() {
        await discard()
        stopMeasuring = measureFreshness(ctx)
        schedule.start()
        const sweep = setInterval(discard, discardEveryMs)
        sweeps.push(sweep)
        sweep.unref()
      },
      async stop() {
        stopMeasuring()
        for (const sweep of sweeps.splice(0)) clearInterval(sweep)
        await schedule.stop()
      },
    },
  }
}

function stateOf(shelf: Shelf | undefined, externalId: string): 'open' | 'gone' | 'unknown' {
  if (!shelf) return 'unknown'
  return shelf.tasks.some(task => task.externalId === externalId) ? 'open' : 'gone'
}

/** A refresh in the background has nobody to throw to. */
const noticed =
  ({ log }: GivenCtx) =>
  (error: unknown): void =>
    log.warn(
      { err: error },
      'open tasks could not be refreshed; they are looked at again with the next request',
    )

const awaySentence = (name: string): string =>
  `${name} does not answer; people see what is at hand, and oO tries again by itself.`

function contextOf(
  given: GivenCtx,
  {
    secret,
    keyring,
    todoist,
    googleCalendar,
    caldavInnerHosts = [],
    lookEveryMs = defaultLookEveryMs,
  }: IntegrationsSettings,
): Omit<IntegrationsCtx, 'lookSoon'> {
  const spent = new LRUCache<string, true>({
    max: maxSpentStates,
    ttl: connectWithinSeconds * 1_000,
    perf: { now: () => given.clock.now().getTime() },
  })
  const vault = openVault(keyring, given.random)
  const sources: Source[] = [
    { about: todoistAbout, connector: todoist && createTodoist(todoist, given) },
    { about: caldavAbout, connector: createCalDav({ innerHosts: caldavInnerHosts }, given) },
    {
      about: googleCalendarAbout,
      connector: googleCalendar && createGoogleCalendar(googleCalendar, { ...given, secret }),
      lookEveryMs: googleCalendar?.lookEveryMs,
    },
  ]
  return {
    ...given,
    sources: new Map(sources.map(source => [source.about.id, source])),
    vault,
    secret,
    lookEveryMs,
    stateKey: keyedHash(secret, 'integrations.connect', 'state'),
    spentStates: { has: state => spent.has(state), add: state => void spent.set(state, true) },
    memory: openMemory(given.clock),
    calendarMemory: openCalendarMemory(given.clock),
    flights: openFlights(given),
    refreshes: openRefreshes(),
    signals: openSignalsMemory(given),
    ingress: { buckets: createBuckets(given.clock), decoy: sealDecoy({ vault }, given.random) },
  }
}
