import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Fields, fieldsOf, textOf } from '../read.ts'
import type { Person, World } from '../world.ts'
import { activityLog, completedTasks } from './completed.ts'
import { forbidden, notFound, unauthorized } from './errors.ts'
import type { Grants } from './grants.ts'
import { pageOf } from './paging.ts'
import type { Quota, QuotaSettings } from './quota.ts'
import { sync } from './sync.ts'
import {
  type Change,
  closeTask,
  createTask,
  deleteTask,
  moveTask,
  reopenTask,
  type TaskWorld,
  taskOf,
  updateTask,
} from './tasks.ts'
import { userOf } from './user.ts'

export type ApiParts = {
  world: World
  grants: Grants
  quota: Quota
  told: (person: Person, change: Change) => void
}
type Params = { Params: { id: string } }

const implied: Record<string, string[]> = {
  'data:read': ['data:read', 'data:read_write'],
  'task:add': ['task:add', 'data:read_write'],
  'data:read_write': ['data:read_write'],
  'data:delete': ['data:delete'],
}

/** What the verbs need to act in one person's account. */
export function taskWorld(parts: ApiParts, person: Person): TaskWorld {
  return {
    account: person.account,
    now: parts.world.now(),
    life: parts.world.life,
    told: change => parts.told(person, change),
  }
}

export function apiRoutes(app: FastifyInstance, parts: ApiParts): void {
  const { world, grants, quota } = parts

  function personOf(request: FastifyRequest, scope: string, what: keyof QuotaSettings = 'partial'): Person {
    const [kind, token] = (request.headers.authorization ?? '').split(' ')
    const grant = kind === 'Bearer' && token ? grants.byAccess(token) : undefined
    if (!grant) throw unauthorized()
    if (!grant.scopes.some(have => implied[scope]?.includes(have))) throw forbidden(scope)
    quota.spend(grant.email, what)
    return world.person(grant.email)
  }

  const reads = (path: string, answer: (person: Person, query: Fields) => unknown) =>
    app.get(`/api/v1/${path}`, request => answer(personOf(request, 'data:read'), fieldsOf(request.query)))

  reads('user', person => userOf(person, world.now()))
  reads('projects', (person, query) => pageOf(person.account.projects, query))
  reads('sections', (_person, query) => pageOf([], query))
  reads('labels', (_person, query) => pageOf([], query))
  reads('activities', (person, query) => activityLog(person.account, query))
  reads('tasks/completed/by_completion_date', (person, query) =>
    completedTasks(person.account, query, 'completion'),
  )
  reads('tasks/completed/by_due_date', (person, query) => completedTasks(person.account, query, 'due'))
  reads('tasks', ({ account }, query) => {
    const ids = textOf(query.ids)?.split(',')
    const exact = ['project_id', 'section_id', 'parent_id'] as const
    return pageOf([...account.tasks.values()], query, task => {
      if (task.checked || task.is_deleted) return false
      if (ids && !ids.includes(task.id)) return false
      const label = textOf(query.label)
      if (label !== undefined && !task.labels.includes(label)) return false
      return exact.every(name => query[name] === undefined || query[name] === task[name])
    })
  })

  app.get<Params>('/api/v1/projects/:id', request => {
    const { account } = personOf(request, 'data:read')
    const found = account.projects.find(project => project.id === request.params.id)
    if (!found) throw notFound('Project')
    return found
  })

  app.get<Params>('/api/v1/tasks/:id', request =>
    taskOf(personOf(request, 'data:read').account, request.params.id),
  )

  app.post('/api/v1/tasks', request =>
    createTask(taskWorld(parts, personOf(request, 'task:add')), fieldsOf(request.body)),
  )
  app.post<Params>('/api/v1/tasks/:id', request =>
    updateTask(
      taskWorld(parts, personOf(request, 'data:read_write')),
      request.params.id,
      fieldsOf(request.body),
    ),
  )
  app.post<Params>('/api/v1/tasks/:id/move', request =>
    moveTask(
      taskWorld(parts, personOf(request, 'data:read_write')),
      request.params.id,
      fieldsOf(request.body),
    ),
  )
  app.post<Params>('/api/v1/tasks/:id/close', (request, reply) => {
    closeTask(taskWorld(parts, personOf(request, 'data:read_write')), request.params.id)
    return reply.code(204).send()
  })
  app.post<Params>('/api/v1/tasks/:id/reopen', (request, reply) => {
    reopenTask(taskWorld(parts, personOf(request, 'data:read_write')), request.params.id)
    return reply.code(204).send()
  })
  app.delete<Params>('/api/v1/tasks/:id', (request, reply) => {
    deleteTask(taskWorld(parts, personOf(request, 'data:delete')), request.params.id)
    return reply.code(204).send()
  })

  app.post('/api/v1/sync', request => {
    const body = fieldsOf(request.body)
    const scope = body.commands === undefined ? 'data:read' : 'data:read_write'
    const isWhole = body.commands === undefined && (body.sync_token ?? '*') === '*'
    const person = personOf(request, scope, isWhole ? 'whole' : 'partial')
    const { trouble } = person.account
    if (trouble === 'hang') return new Promise(() => {})
    return trouble === 'garbage' ? { items: 'none' } : sync(world, person, taskWorld(parts, person), body)
  })
}
