// Where a route meets the kept answers: before its handler, and when its answer is ready to leave.
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import type { Answers, Claim, KeptAnswer } from './answers.ts'

declare module 'fastify' {
  interface FastifyRequest {
    claim: Claim | null
  }
}

const keptHeaders = ['content-type', 'location'] as const
const mostBytes = 256 * 1024

type Hooks = Pick<RouteOptions, 'preHandler' | 'onSend'>

/** What a route that takes a key does about it; a request without one passes through untouched. */
export function answeringOnce(operation: string, answers: Answers): Hooks {
  return {
    preHandler(request, reply, done) {
      if (request.headers['idempotency-key'] === undefined || !request.actor) return done()
      begin(request, operation, answers).then(
        begun => {
          if ('body' in begun) send(reply, begun)
          else {
            request.claim = begun
            done()
          }
        },
        (error: Error) => done(error),
      )
    },
    onSend(request, reply, payload, done) {
      const { claim } = request
      if (!claim) return done(null, payload)
      // Should storing fail, the problem that is sent instead passes here again.
      request.claim = null
      finish(claim, reply, payload).then(
        body => done(null, body),
        (error: Error) => done(error),
      )
    },
  }
}

function begin(request: FastifyRequest, operation: string, answers: Answers): Promise<KeptAnswer | Claim> {
  const { actor } = request
  if (!actor) throw new Error('Only a signed-in request can be kept.')
  return answers.begin({
    ownerId: actor.personId ?? actor.sessionId,
    personId: actor.personId,
    operation,
    key: String(request.headers['idempotency-key']),
    content: `${request.method} ${request.url}\n${JSON.stringify(request.body ?? null)}`,
  })
}

async function finish(claim: Claim, reply: FastifyReply, payload: unknown): Promise<unknown> {
  const answer = isFinal(reply) ? answerOf(reply, payload) : null
  if (!answer) {
    await claim.release()
    return payload
  }
  const kept = await claim.keep(answer)
  if (kept === answer) return payload
  reply.code(kept.status).headers(kept.headers)
  return kept.body
}

/** Our own failures, and what a later try may pass, are not worth keeping; cookies are secrets of one answer. */
const isFinal = (reply: FastifyReply): boolean =>
  reply.statusCode < 500 && reply.statusCode !== 429 && !reply.hasHeader('set-cookie')

function answerOf(reply: FastifyReply, payload: unknown): KeptAnswer | null {
  const body = payload ?? ''
  if (typeof body !== 'string' || body.length > mostBytes) return null
  const headers: Record<string, string> = {}
  for (const name of keptHeaders) {
    const value = reply.getHeader(name)
    if (value !== undefined) headers[name] = String(value)
  }
  return { status: reply.statusCode, headers, body }
}

function send(reply: FastifyReply, { status, headers, body }: KeptAnswer): void {
  reply
    .code(status)
    .headers({ ...headers, 'idempotency-replayed': 'true' })
    .send(body === '' ? undefined : body)
}
