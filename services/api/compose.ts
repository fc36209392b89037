// The composition root: builds every module once, in the order of who needs whom, and hands each its doors.
import { createAdmin } from '@oo/admin'
import { type Auth, createAuth } from '@oo/auth'
import { createEvents } from '@oo/events'
import { createAnswers, createGateway, createHealth, startMetrics } from '@oo/gateway'
import { createIntegrations } from '@oo/integrations'
import {
  type Clock,
  type Ctx,
  closePool,
  type HealthPart,
  type JobRunner,
  keyedHash,
  type Log,
  type Module,
  openJobs,
  openListener,
  openPool,
  type Pool,
  type Random,
  systemClock,
  systemRandom,
} from '@oo/kernel'
import { createNotifier } from '@oo/notifier'
import { createProfile, type Profiles } from '@oo/profile'
import { createRecommender, type Recommender } from '@oo/recommender'
import type { FastifyInstance } from 'fastify'
import { type Env, ledgerIn } from './env.ts'
import { asLibrary } from './library.ts'
import { remoteModule } from './remote/client.ts'
import { createHost } from './remote/host.ts'
import type { ModuleName } from './roles.ts'
import { version } from './version.ts'

export interface Api {
  app: FastifyInstance
  /** Those it hosts and those it reaches; a host of modules has only its own. */
  modules: readonly Module<object>[]
  health: readonly HealthPart[]
  doors: { auth: Auth; profile: Profiles; recommender: Recommender }
  db: Pool
  /** For an operator's command: verbs work, nothing listens and nothing runs by itself. */
  open(): Promise<void>
  start(): Promise<void>
  stop(): Promise<void>
}

interface Held {
  clock?: Clock
  random?: Random
  log: Log
  /** What the database calls this process. */
  name?: string
}

const tidyEveryMs = 60_000

export async function composeApi(env: Env, held: Held): Promise<Api> {
  const metrics = startMetrics()
  const { log, clock = systemClock, random = systemRandom, name = 'api' } = held
  const db = openPool(env.databaseUrl, { log, name, max: 16 })
  const jobs = openJobs(db, { log })
  const listener = openListener(db, { log })
  const ctx: Ctx = { db, clock, random, log, jobs }
  const { secret, keyring } = env

  const { isEdge, hosted, remote } = env.roles

  // Mirrored by one process only: the edge.
  const events = createEvents(ctx, {
    retentionDays: env.eventRetentionDays,
    ...(isEdge && env.natsUrl && { natsUrl: env.natsUrl }),
  })
  // A module that runs elsewhere is still built: its door is a library over the same database with the same keys.
  const library = asLibrary(events.door, [...hosted].join('+'))
  const eventsOf = (name: ModuleName) => ({ events: hosted.has(name) ? events.door : library })
  const auth = createAuth(
    { ...ctx, ...eventsOf('auth') },
    {
      secret,
      keyring,
      providers: env.providers,
      origins: env.origins,
      erasureLedger: ledgerIn(env.backupDir),
      ...(env.adminToken && { adminToken: env.adminToken }),
      ...(env.adminSeedEmail && { adminSeedEmail: env.adminSeedEmail }),
    },
    { welcome: (tx, newcomer) => profile.door.welcome(tx, newcomer), erasers: () => erasersOf(modules) },
  )
  const kept = createAnswers({ ...ctx, secret, sealerOf: personId => auth.door.sealer(personId) })
  const profile = createProfile(
    { ...ctx, ...eventsOf('profile'), auth: auth.door },
    // What a person just decided in the other process holds for their next request here.
    { secret, ...(!hosted.has('profile') && { keepsNoWishes: true }) },
    { exporters: () => exportersOf(modules), contexts: personId => integrations.door.signals(personId) },
  )
  const withProfiles = { ...ctx, auth: auth.door, profiles: profile.door }
  const integrations = createIntegrations(
    { ...withProfiles, ...eventsOf('integrations') },
    {
      ...{ secret, keyring, lookEveryMs: env.lookEveryMs, caldavInnerHosts: env.caldavInnerHosts },
      ...(env.todoist && { todoist: env.todoist }),
      ...(env.googleCalendar && { googleCalendar: env.googleCalendar }),
    },
  )
  const recommender = createRecommender(
    { ...withProfiles, ...eventsOf('recommender'), integrations: integrations.door },
    { ml: env.ml, defaultReward: env.defaultReward, mostOfAKind: env.mostOfAKind },
  )
  // Erased in this order: auth is last, because it holds the keys.
  const all: readonly Module<object>[] = [
    recommender.module,
    integrations.module,
    createNotifier().module,
    createAdmin({ events: events.console }).module,
    profile.module,
    kept.module,
    events.module,
    auth.module,
  ]
  const here = all.filter(({ name }) => hosted.has(name))
  const between = keyedHash(secret, 'api', 'between processes').toString('hex')
  const modules = (isEdge ? all : here).map(module => {
    const url = remote.get(module.name)
    return url === undefined ? module : remoteModule(module, { url, secret: between })
  })
  // The log hands on in every process what was subscribed there.
  const running = [...new Set([...modules, events.module])]
  const health = [databaseHealth(db), jobsHealth(jobs), ...modules.flatMap(module => module.health ?? [])]

  const app = isEdge
    ? await createGateway(
        {
          ...{ clock, random, log, modules, metrics, health },
          authenticate: auth.door.authenticate,
          answers: kept.answers,
        },
        { origins: env.origins, version, trustedProxies: env.trustedProxies },
      )
    : createHost({
        ...{ db, clock, random, log, modules, metrics, secret: between },
        health: createHealth(health, { clock, version }),
      })
  let tidying: NodeJS.Timeout | undefined
  return {
    app,
    modules,
    health,
    doors: { auth: auth.door, profile: profile.door, recommender: recommender.door },
    db,
    open: () => jobs.start([]),
    async start() {
      await listener.start()
      await jobs.start(modules.flatMap(module => module.jobs ?? []))
      for (const module of running) await module.start?.()
      tidying = setInterval(() => {
        for (const module of all) module.tidy?.()
      }, tidyEveryMs).unref()
      await app.listen({ host: env.bind, port: env.port })
    },
    async stop() {
      clearInterval(tidying)
      // Requests and jobs finish side by side; what they wake is stopped after them, the last started first.
      await Promise.all([app.close(), jobs.stop()])
      for (const module of running.toReversed()) await module.stop?.()
      await listener.stop()
      await closePool(db)
    },
  }
}

const erasersOf = (modules: readonly Module<object>[]) =>
  modules.flatMap(({ name, eraser }) => (eraser ? [{ module: name, eraser }] : []))

const exportersOf = (modules: readonly Module<object>[]) =>
  modules.flatMap(({ name, exporter }) => (exporter ? [{ module: name, exporter }] : []))

const databaseHealth = (db: Pool): HealthPart => ({
  name: 'database',
  check: async () => void (await db.$client.query('SELECT 1')),
})

const jobsHealth = (jobs: JobRunner): HealthPart => ({
  name: 'jobs',
  async check() {
    const dead = await jobs.dead()
    return dead === 0 ? undefined : `${dead} jobs were given up; they wait among the dead letters.`
  },
})
