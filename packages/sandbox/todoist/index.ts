import type { FastifyInstance } from 'fastify'
import { acceptEmptyJson, acceptForms, maskedBodies } from '../forms.ts'
import type { RequestLog } from '../log.ts'
import { type ApiParts, apiRoutes } from './api.ts'
import { invalid, TodoistOverQuota, TodoistRefusal } from './errors.ts'
import { type OAuthParts, oauthRoutes } from './oauth.ts'

/** Everything under /todoist: its OAuth, its API v1, its refusals. */
export function todoist(app: FastifyInstance, parts: ApiParts & OAuthParts & { log: RequestLog }): void {
  acceptForms(app)
  acceptEmptyJson(app)
  maskedBodies(app, parts.log)
  app.setErrorHandler((error, _request, reply) => {
    const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
    const refusal =
      error instanceof TodoistRefusal
        ? error
        : status < 500
          ? invalid('The request body is not understood')
          : new TodoistRefusal(500, 'INTERNAL_ERROR', 500, 'Internal error')
    if (refusal instanceof TodoistOverQuota) void reply.header('retry-after', refusal.retryAfterSeconds)
    return reply.code(refusal.status).send(refusal.body())
  })
  app.setNotFoundHandler((_request, reply) => {
    const refusal = new TodoistRefusal(
      404,
      'NOT_FOUND',
      478,
      'The sandbox does not have this part of Todoist',
    )
    return reply.code(404).send(refusal.body())
  })
  oauthRoutes(app, parts)
  apiRoutes(app, parts)
}
