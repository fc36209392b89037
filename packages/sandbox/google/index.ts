import type { FastifyInstance } from 'fastify'
import { acceptEmptyJson, acceptForms, maskedBodies } from '../forms.ts'
import type { RequestLog } from '../log.ts'
import { type ApiParts, apiRoutes } from './api.ts'
import { badRequest, GoogleRefusal, notFound } from './errors.ts'
import { type OAuthParts, oauthRoutes } from './oauth.ts'

/** Everything under /google: its OAuth, its Calendar v3, its refusals. */
export function google(app: FastifyInstance, parts: ApiParts & OAuthParts & { log: RequestLog }): void {
  acceptForms(app)
  acceptEmptyJson(app)
  maskedBodies(app, parts.log)
  app.setErrorHandler((error, _request, reply) => {
    const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
    const refusal =
      error instanceof GoogleRefusal
        ? error
        : status < 500
          ? badRequest('Parse Error')
          : new GoogleRefusal(500, 'backendError', 'Backend Error')
    return reply.code(refusal.status).headers(refusal.headers).send(refusal.body())
  })
  app.setNotFoundHandler((_request, reply) => reply.code(404).send(notFound().body()))
  oauthRoutes(app, parts)
  apiRoutes(app, parts)
}
