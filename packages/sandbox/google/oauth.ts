import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Origins } from '../origins.ts'
import { sendConsent, sendSentence } from '../page.ts'
import { emailOf, type Fields, fieldsOf, textOf } from '../read.ts'
import { rememberedPerson } from '../signed-in.ts'
import { demoPerson, type World } from '../world.ts'
import { type Asked, type Grants, isRefused } from './grants.ts'
import { isScope, openid, wordsOf } from './scopes.ts'

export type OAuthParts = { world: World; grants: Grants; origins: Origins; auto: boolean }

type Question = Omit<Asked, 'email' | 'offline'> & {
  wantsOffline: boolean
  includesGranted: boolean
  prompt: string[]
  state: string | undefined
}

const callback = /^\/api\/integrations\/[a-z0-9_-]+\/callback$/
const path = '/google/o/oauth2/v2/auth'
/** The fields of a question that the page carries over to its answer. */
const carried = [
  'client_id',
  'redirect_uri',
  'response_type',
  'scope',
  'access_type',
  'include_granted_scopes',
  'prompt',
  'state',
  'code_challenge',
  'code_challenge_method',
]

/** Google shows a page for what it cannot send back; the sentence names its error. */
function readQuestion(fields: Fields, { grants, origins }: OAuthParts): Question | string {
  if (!grants.isClient(textOf(fields.client_id))) return 'Error 401: invalid_client'
  const redirectUri = textOf(fields.redirect_uri) ?? ''
  const address = URL.parse(redirectUri)
  if (!address || !origins.list().includes(address.origin) || !callback.test(address.pathname)) {
    return 'Error 400: redirect_uri_mismatch'
  }
  if (fields.response_type !== 'code') return 'Error 400: unsupported_response_type'
  const scopes = [...new Set((textOf(fields.scope) ?? '').split(/\s+/).filter(Boolean))]
  if (scopes.length === 0) return 'Error 400: invalid_request. Missing required parameter: scope'
  if (!scopes.every(isScope)) return 'Error 400: invalid_scope'
  const value = textOf(fields.code_challenge)
  const method = textOf(fields.code_challenge_method) ?? 'plain'
  if (value !== undefined && method !== 'S256' && method !== 'plain') return 'Error 400: invalid_request'
  return {
    scopes,
    redirectUri,
    challenge: value !== undefined && (method === 'S256' || method === 'plain') ? { value, method } : null,
    wantsOffline: fields.access_type === 'offline',
    includesGranted: fields.include_granted_scopes === 'true',
    prompt: (textOf(fields.prompt) ?? '').split(' ').filter(Boolean),
    state: textOf(fields.state),
  }
}

function back(reply: FastifyReply, question: Question, answer: Record<string, string>): FastifyReply {
  const address = new URL(question.redirectUri)
  const all = { ...(question.state !== undefined && { state: question.state }), ...answer }
  for (const [name, value] of Object.entries(all)) address.searchParams.set(name, value)
  return reply.header('cache-control', 'no-store').redirect(address.href, 302)
}

export function oauthRoutes(app: FastifyInstance, parts: OAuthParts): void {
  const { world, grants } = parts

  const givenBefore = (email: string): string[] => grants.live(email).flatMap(grant => grant.scopes)
  const mustAsk = (question: Question, email: string): boolean =>
    question.prompt.includes('consent') || !question.scopes.every(scope => givenBefore(email).includes(scope))

  /** A refresh token comes with an answer that somebody was asked for, never with one remembered. */
  function give(reply: FastifyReply, question: Question, email: string, ticked: string[], asked: boolean) {
    const given = question.scopes.filter(scope => scope === openid || ticked.includes(scope))
    if (given.length === 0) return back(reply, question, { error: 'access_denied' })
    const scopes = [...new Set([...given, ...(question.includesGranted ? givenBefore(email) : [])])]
    const { redirectUri, challenge } = question
    const offline = question.wantsOffline && asked
    const code = grants.code({ email, scopes, redirectUri, challenge, offline })
    const prompt = asked ? 'consent' : 'none'
    return back(reply, question, { code, scope: scopes.join(' '), authuser: '0', prompt })
  }

  app.get('/o/oauth2/v2/auth', (request, reply) => {
    const query = fieldsOf(request.query)
    const question = readQuestion(query, parts)
    if (typeof question === 'string') return sendSentence(reply, 400, 'Access blocked', question)
    const email = emailOf(query.login_hint) ?? rememberedPerson(request.headers.cookie) ?? demoPerson.email
    const person = world.person(email)
    const asks = mustAsk(question, email)
    if (!asks) return give(reply, question, email, question.scopes, false)
    if (question.prompt.includes('none')) return back(reply, question, { error: 'interaction_required' })
    if (parts.auto) return give(reply, question, email, person.calendar.ticks ?? question.scopes, true)
    return consent(reply, query, question, person)
  })

  app.post('/o/oauth2/v2/auth', (request, reply) => {
    const fields = fieldsOf(request.body)
    const question = readQuestion(fields, parts)
    if (typeof question === 'string') return sendSentence(reply, 400, 'Access blocked', question)
    if (fields.deny !== undefined) return back(reply, question, { error: 'access_denied' })
    const email = emailOf(fields.email)
    if (!email) {
      return consent(
        reply,
        fields,
        question,
        world.person(demoPerson.email),
        'This is not an e-mail address.',
      )
    }
    const ticked = question.scopes.filter(
      scope => question.scopes.length === 1 || fields[`tick ${scope}`] !== undefined,
    )
    return give(reply, question, world.person(email).email, ticked, true)
  })

  /** One scope is a yes or a no; of several, each but `openid` can be left out. */
  function consent(
    reply: FastifyReply,
    fields: Fields,
    question: Question,
    person: { name: string; email: string },
    note?: string,
  ) {
    const hidden = carried.flatMap(name => {
      const value = textOf(fields[name])
      return value === undefined ? [] : [[name, value]]
    })
    const several = question.scopes.length > 1 ? question.scopes : []
    return sendConsent(
      reply,
      {
        title: 'Connect Google Calendar',
        sentence: 'oO asks to see when you are busy.',
        person,
        action: path,
        hidden: Object.fromEntries(hidden),
        choices: several
          .filter(scope => scope !== openid)
          .map(scope => ({ name: `tick ${scope}`, label: wordsOf(scope) })),
        note,
      },
      parts.origins.list(),
    )
  }

  app.post('/token', (request, reply) => {
    reply.header('cache-control', 'no-store')
    const fields = fieldsOf(request.body)
    const { id, secret } = clientOf(request.headers.authorization, fields)
    if (!grants.isApp(id, secret)) {
      const error_description = grants.isClient(id) ? 'Unauthorized' : 'The OAuth client was not found.'
      return reply.code(401).send({ error: 'invalid_client', error_description })
    }
    const kind = textOf(fields.grant_type) ?? ''
    if (kind !== 'authorization_code' && kind !== 'refresh_token') {
      return reply
        .code(400)
        .send({ error: 'unsupported_grant_type', error_description: `Invalid grant_type: ${kind}` })
    }
    const answer =
      kind === 'refresh_token'
        ? grants.refresh(textOf(fields.refresh_token) ?? '')
        : grants.redeem(textOf(fields.code) ?? '', textOf(fields.redirect_uri), textOf(fields.code_verifier))
    return isRefused(answer) ? reply.code(400).send(answer) : answer
  })

  app.post('/revoke', (request, reply) => {
    const token = textOf(fieldsOf(request.query).token) ?? textOf(fieldsOf(request.body).token) ?? ''
    if (grants.revokeToken(token)) return {}
    return reply.code(400).send({ error: 'invalid_token', error_description: 'Token expired or revoked' })
  })

  app.route({
    method: ['GET', 'POST'],
    url: '/tokeninfo',
    handler: (request, reply) => {
      const bearer = (request.headers.authorization ?? '').replace(/^Bearer /, '')
      const given =
        textOf(fieldsOf(request.query).access_token) ?? textOf(fieldsOf(request.body).access_token)
      const found = grants.byAccess(given ?? bearer)
      if (!found) return reply.code(400).send({ error: 'invalid_token', error_description: 'Invalid Value' })
      const { grant, until } = found
      return {
        scope: grant.scopes.join(' '),
        exp: String(Math.floor(until / 1_000)),
        expires_in: String(Math.max(0, Math.floor((until - world.now().getTime()) / 1_000))),
        access_type: grant.offline ? 'offline' : 'online',
      }
    },
  })
}

/** Google takes the client's secret in the body or as Basic. */
function clientOf(
  authorization: string | undefined,
  fields: Fields,
): { id: string | undefined; secret: string | undefined } {
  const [kind, basic = ''] = (authorization ?? '').split(' ')
  if (kind !== 'Basic') return { id: textOf(fields.client_id), secret: textOf(fields.client_secret) }
  const pair = Buffer.from(basic, 'base64').toString()
  const colon = pair.indexOf(':')
  return { id: pair.slice(0, colon), secret: pair.slice(colon + 1) }
}
