// The composition root: builds every module once, in the order of who needs whom, and hands each its doors.
import { createAdmin } from '@oo/admin'
import { createAuth } from '@oo/auth'
import { createEvents } from '@oo/events'
import { createAnswers, createGateway, startMetrics } from '@oo/gateway'
import { createIntegrations } from '@oo/integrations'
import {
  type Clock,
  type Ctx,
  closePool,
  type HealthPart,
  type JobRunner,
  type Log,
  type Module,
  openJobs,
  openPool,
  type Pool,
  type Random,
  systemClock,
  systemRandom,
} from '@oo/kernel'
import { createNotifier } from '@oo/notifier'
import { createProfile } from '@oo/profile'
import { createRecommender } from '@oo/recommender'
import type { FastifyInstance } from 'fastify'
import type { Env } from './env.ts'
import { version } from './version.ts'

export interface Api {
  app: FastifyInstance
  modules: readonly Module<object>[]
  start(): Promise<void>
  stop(): Promise<void>
}

interface Held {
  clock?: Clock
  random?: Random
  log: Log
}

export async function composeApi(env: Env, held: Held): Promise<Api> {
  const metrics = startMetrics()
  const { log, clock = systemClock, random = systemRandom } = held
  const db = openPool(env.databaseUrl, { log, name: 'api', max: 16 })
  const jobs = openJobs(db, { log })
  const ctx: Ctx = { db, clock, random, log, jobs }
  const { secret, keyring } = env

  const events = createEvents(ctx)
  const withEvents = { ...ctx, events: events.door }
  const auth = createAuth(
    withEvents,
    {
      secret,
      keyring,
      providers: env.providers,
      origins: env.origins,
      ...(env.adminToken && { adminToken: env.adminToken }),
      ...(env.adminSeedEmail && { adminSeedEmail: env.adminSeedEmail }),
    },
    { welcome: (tx, newcomer) => profile.door.welcome(tx, newcomer), erasers: () => erasersOf(modules) },
  )
  const kept = createAnswers({ ...ctx, secret, sealerOf: personId => auth.door.sealer(personId) })
  const withAuth = { ...withEvents, auth: auth.door }
  const profile = createProfile(withAuth, { secret }, { exporters: () => exportersOf(modules) })
  const withProfiles = { ...withAuth, profiles: profile.door }
  const integrations = createIntegrations(withProfiles, {
    secret,
    keyring,
    ...(env.todoist && { todoist: env.todoist }),
  })
  const recommender = createRecommender({ ...withProfiles, integrations: integrations.door }, { ml: env.ml })
  // Erased in this order: auth is last, because it holds the keys.
  const modules: readonly Module<object>[] = [
    recommender.module,
    integrations.module,
    createNotifier().module,
    createAdmin().module,
    profile.module,
    kept.module,
    events.module,
    auth.module,
  ]

  const app = await createGateway(
    {
      clock,
      random,
      log,
      modules,
      metrics,
      authenticate: auth.door.authenticate,
      answers: kept.answers,
      health: [databaseHealth(db), jobsHealth(jobs), ...modules.flatMap(module => module.health ?? [])],
    },
    { origins: env.origins, version },
  )
  return {
    app,
    modules,
    async start() {
      await jobs.start(modules.flatMap(module => module.jobs ?? []))
      for (const module of modules) await module.start?.()
      await app.listen({ host: env.bind, port: env.port })
    },
    async stop() {
      await app.close()
      await jobs.stop()
      for (const module of modules) await module.stop?.()
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
