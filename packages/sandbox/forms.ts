import type { FastifyInstance } from 'fastify'
import type { RequestLog } from './log.ts'

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

export function maskedBodies(app: FastifyInstance, log: RequestLog): void {
  app.addHook('preHandler', async request => log.body(request.raw, request.body))
}
