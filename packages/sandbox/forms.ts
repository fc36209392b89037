import type { FastifyInstance } from 'fastify'
import type { RequestLog } from './log.ts'
import { jsonOf } from './read.ts'

/** HTML forms as plain fields, where a provider takes them. The control door does not, so no page can post to it. */
export function acceptForms(app: FastifyInstance): void {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => {
      done(null, Object.fromEntries(new URLSearchParams(String(body))))
    },
  )
}

/** Todoist's client says application/json and sends no body when it closes a task; that is no mistake. */
export function acceptEmptyJson(app: FastifyInstance): void {
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    const text = String(body)
    const parsed = text === '' ? {} : jsonOf(text)
    if (parsed === undefined) done(Object.assign(new Error('The body is no JSON.'), { statusCode: 400 }))
    else done(null, parsed)
  })
}

export function maskedBodies(app: FastifyInstance, log: RequestLog): void {
  app.addHook('preHandler', async request => log.body(request.raw, request.body))
}
