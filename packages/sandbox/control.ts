import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { type Faults, isMode, isTarget, modes, targets } from './faults.ts'
import { acceptEmptyJson } from './forms.ts'
import type { ApiParts as GoogleParts } from './google/api.ts'
import { googleControl } from './google/control.ts'
import { GoogleRefusal, isQuotaReason } from './google/errors.ts'
import type { RequestLog } from './log.ts'
import { emailOf, fieldsOf, textOf, wholeOf } from './read.ts'
import { type ApiParts, taskWorld } from './todoist/api.ts'
import { TodoistRefusal } from './todoist/errors.ts'
import { closeTask, createTask, deleteTask, postponeTask, reopenTask, updateTask } from './todoist/tasks.ts'
import type { Webhooks } from './todoist/webhooks.ts'
import type { Person } from './world.ts'

export type ControlParts = ApiParts & {
  faults: Faults
  log: RequestLog
  webhooks: Webhooks
  google: GoogleParts
}

const laterTargets = ['push', 'llm']
const acts = { complete: closeTask, reopen: reopenTask, delete: deleteTask }

const refuse = (reply: FastifyReply, status: number, sentence: string) =>
  reply.code(status).send({ error: sentence })

/** The door for tests: it arranges the world, as the person would in the provider's own app. */
export function control(app: FastifyInstance, parts: ControlParts): void {
  const { world, grants, quota, faults, log, webhooks, google } = parts

  acceptEmptyJson(app)
  app.addHook('onRequest', async (request, reply) => {
    if (request.headers.origin === undefined) return
    return refuse(reply, 403, 'The control door is for tests, not for pages.')
  })
  app.setErrorHandler((error, _request, reply) => {
    const status = error instanceof TodoistRefusal || error instanceof GoogleRefusal ? error.status : 400
    return refuse(reply, status, error instanceof Error ? error.message : 'The request is not understood.')
  })

  /** A person is made when first named, as at sign-in. */
  function personOf(email: unknown): Person {
    const address = emailOf(email)
    if (!address) throw new Error('Give an e-mail address, for example ada@example.test.')
    return world.person(address)
  }

  app.post('/control/reset', () => {
    world.reset()
    grants.reset()
    quota.reset()
    google.grants.reset()
    google.channels.reset()
    google.quota.reset()
    faults.clear()
    log.clear()
    return { ok: true }
  })

  app.post('/control/people', (request, reply) => {
    const fields = fieldsOf(request.body)
    const known = personOf(fields.email)
    const { email, name, sub } = world.person(known.email, textOf(fields.name)?.trim().slice(0, 100))
    return reply.code(201).send({ email, name, sub })
  })

  type OfPerson = { Params: { email: string } }
  type OfTask = { Params: { email: string; id: string; act: string } }

  app.get<OfPerson>('/control/todoist/:email/tasks', request => {
    const tasks = [...personOf(request.params.email).account.tasks.values()]
    return { tasks: tasks.filter(task => !task.is_deleted) }
  })
  app.post<OfPerson>('/control/todoist/:email/tasks', (request, reply) => {
    const task = createTask(taskWorld(parts, personOf(request.params.email)), fieldsOf(request.body))
    return reply.code(201).send(task)
  })
  app.post<OfTask>('/control/todoist/:email/tasks/:id/postpone', request => {
    const { email, id } = request.params
    return postponeTask(taskWorld(parts, personOf(email)), id, textOf(fieldsOf(request.body).to) ?? '')
  })
  app.post<OfTask>('/control/todoist/:email/tasks/:id/assign', request => {
    const { email, id } = request.params
    const responsible_uid = textOf(fieldsOf(request.body).to) ?? null
    return updateTask(taskWorld(parts, personOf(email)), id, { responsible_uid })
  })
  app.post<OfTask>('/control/todoist/:email/tasks/:id/:act', (request, reply) => {
    const { email, id, act } = request.params
    if (act !== 'complete' && act !== 'reopen' && act !== 'delete') {
      return refuse(reply, 404, 'A task can be completed, reopened or deleted here.')
    }
    return acts[act](taskWorld(parts, personOf(email)), id)
  })

  app.get<OfPerson>('/control/todoist/:email/grants', request => {
    const live = grants.live(personOf(request.params.email).email)
    return { live: live.length, grants: live.map(({ scopes, turn }) => ({ scopes, refreshes: turn - 1 })) }
  })
  app.post<OfPerson>('/control/todoist/:email/grants/expire', request => ({
    expired: grants.expireAccess(personOf(request.params.email).email),
  }))
  app.post<OfPerson>('/control/todoist/:email/grants/revoke', request => ({
    revoked: grants.revokeAll(personOf(request.params.email).email),
  }))
  app.get<OfPerson>('/control/todoist/:email/requests', request =>
    quota.spentBy(personOf(request.params.email).email),
  )
  app.post<OfPerson>('/control/todoist/:email/sync-tokens/expire', request => {
    personOf(request.params.email).account.tokensFrom = randomUUID()
    return { ok: true }
  })
  app.post<OfPerson>('/control/todoist/:email/trouble', (request, reply) => {
    const { mode } = fieldsOf(request.body)
    if (mode !== 'none' && mode !== 'hang' && mode !== 'garbage')
      return refuse(reply, 400, 'mode is none, hang or garbage.')
    personOf(request.params.email).account.trouble = mode
    return { mode }
  })
  app.get('/control/todoist/webhooks', () => ({ deliveries: webhooks.deliveries }))

  googleControl(app, { ...google, personOf })

  app.get('/control/faults', () => faults.list())
  app.post('/control/faults', (request, reply) => {
    const fields = fieldsOf(request.body)
    const { target, mode } = fields
    if (laterTargets.some(later => later === target)) {
      return refuse(reply, 404, `The sandbox has no ${String(target)} yet.`)
    }
    if (!isTarget(target)) return refuse(reply, 400, `target is one of ${targets.join(', ')}.`)
    if (!isMode(mode)) return refuse(reply, 400, `mode is one of ${modes.join(', ')}.`)
    const ms = fields.ms === undefined ? 2_000 : wholeOf(fields.ms)
    const count = fields.count === undefined ? null : wholeOf(fields.count)
    if (ms === undefined || ms < 0 || ms > 600_000)
      return refuse(reply, 400, 'ms is a number from 0 to 600000.')
    if (count === undefined || (count !== null && count < 1)) return refuse(reply, 400, 'count is 1 or more.')
    const { reason } = fields
    if (reason !== undefined && !isQuotaReason(reason)) {
      return refuse(reply, 400, 'reason is rateLimitExceeded, userRateLimitExceeded or quotaExceeded.')
    }
    faults.set(target, { mode, ms, count, ...(reason && { reason }) })
    return faults.list()
  })

  app.get('/control/log', () => ({ requests: log.entries }))
  app.post('/control/push/subscriptions', (_request, reply) =>
    refuse(reply, 501, 'The sandbox has no push service yet.'),
  )
  app.get('/control/push/messages', (_request, reply) =>
    refuse(reply, 501, 'The sandbox has no push service yet.'),
  )
}
