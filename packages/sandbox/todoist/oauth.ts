import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Origins } from '../origins.ts'
import { sendConsent, sendSentence } from '../page.ts'
import { emailOf, type Fields, fieldsOf, textOf } from '../read.ts'
import { rememberedPerson } from '../signed-in.ts'
import { demoPerson, type World } from '../world.ts'
import type { Grants, TodoistApp } from './grants.ts'

export const scopes = [
  'task:add',
  'data:read',
  'data:read_write',
  'data:delete',
  'project:delete',
  'backups:read',
  'billing:read',
  'billing:read_write',
  'dev:app_console',
]

export const callbackPath = '/api/integrations/todoist/callback'

type Asked = { clientId: string; scopes: string[]; state: string; redirectUri: string }
export type OAuthParts = { world: World; grants: Grants; app: TodoistApp; origins: Origins; auto: boolean }

/** Where the answer may go: the addresses of this installation, as an app registers them with Todoist. */
function redirectOf(origins: Origins, wanted: string | undefined): string | undefined {
  const known = origins.list().map(origin => `${origin}${callbackPath}`)
  return wanted === undefined ? known[0] : known.find(address => address === wanted)
}

function readAsked(fields: Fields, { app, origins }: OAuthParts): Asked | string {
  const clientId = textOf(fields.client_id) ?? ''
  if (clientId !== app.clientId) return 'This client_id is not registered with the sandbox.'
  const redirectUri = redirectOf(origins, textOf(fields.redirect_uri))
  if (!redirectUri) return 'This redirect_uri is not registered with the sandbox.'
  const asked = (textOf(fields.scope) ?? '').split(/[ ,]+/).filter(Boolean)
  return { clientId, scopes: asked, state: textOf(fields.state) ?? '', redirectUri }
}

function back(reply: FastifyReply, asked: Asked, answer: Record<string, string>): FastifyReply {
  const address = new URL(asked.redirectUri)
  for (const [name, value] of Object.entries({ ...answer, state: asked.state }))
    address.searchParams.set(name, value)
  return reply.header('cache-control', 'no-store').redirect(address.href, 302)
}

const scopesKnown = (asked: Asked): boolean =>
  asked.scopes.length > 0 && asked.scopes.every(name => scopes.includes(name))

export function oauthRoutes(app: FastifyInstance, parts: OAuthParts): void {
  const { world, grants } = parts

  app.get('/oauth/authorize', (request, reply) => {
    const query = fieldsOf(request.query)
    const asked = readAsked(query, parts)
    if (typeof asked === 'string') return sendSentence(reply, 400, 'This link does not work', asked)
    if (!scopesKnown(asked)) return back(reply, asked, { error: 'invalid_scope' })
    const email = emailOf(query.login_hint) ?? rememberedPerson(request.headers.cookie) ?? demoPerson.email
    const person = world.person(email)
    if (parts.auto) return back(reply, asked, { code: grants.code(person.email, asked.scopes) })
    return consent(reply, asked, person)
  })

  app.post('/oauth/authorize', (request, reply) => {
    const fields = fieldsOf(request.body)
    const asked = readAsked(fields, parts)
    if (typeof asked === 'string') return sendSentence(reply, 400, 'This link does not work', asked)
    if (!scopesKnown(asked)) return back(reply, asked, { error: 'invalid_scope' })
    if (fields.deny !== undefined) return back(reply, asked, { error: 'access_denied' })
    const email = emailOf(fields.email)
    if (!email) return consent(reply, asked, world.person(demoPerson.email), 'This is not an e-mail address.')
    return back(reply, asked, { code: grants.code(world.person(email).email, asked.scopes) })
  })

  function consent(
    reply: FastifyReply,
    asked: Asked,
    person: { name: string; email: string },
    note?: string,
  ) {
    const hidden = {
      client_id: asked.clientId,
      scope: asked.scopes.join(','),
      state: asked.state,
      redirect_uri: asked.redirectUri,
    }
    return sendConsent(
      reply,
      {
        title: 'Connect Todoist',
        sentence: 'oO asks to read your tasks and to complete them for you.',
        person,
        action: '/todoist/oauth/authorize',
        hidden,
        note,
      },
      parts.origins.list(),
    )
  }

  app.post('/oauth/access_token', (request, reply) => {
    reply.header('cache-control', 'no-store')
    const fields = fieldsOf(request.body)
    if (!grants.isApp(textOf(fields.client_id), textOf(fields.client_secret))) {
      return reply.code(400).send({ error: 'incorrect_application_credentials' })
    }
    const refreshes = fields.grant_type === 'refresh_token'
    const pair = refreshes
      ? grants.refresh(textOf(fields.refresh_token) ?? '')
      : grants.redeem(textOf(fields.code) ?? '')
    return pair ?? reply.code(400).send({ error: refreshes ? 'invalid_grant' : 'bad_authorization_code' })
  })

  /** RFC 7009: a token that is not ours is as good as revoked, so the answer is the same. */
  app.post('/api/v1/revoke', (request, reply) => {
    const [kind, basic = ''] = (request.headers.authorization ?? '').split(' ')
    const pair = Buffer.from(basic, 'base64').toString()
    const colon = pair.indexOf(':')
    if (kind !== 'Basic' || !grants.isApp(pair.slice(0, colon), pair.slice(colon + 1))) {
      return reply.code(401).header('www-authenticate', 'Basic').send({ error: 'invalid_client' })
    }
    const token = textOf(fieldsOf(request.body).token)
    if (!token) return reply.code(400).send({ error: 'invalid_request' })
    grants.revokeToken(token)
    return reply.code(200).send()
  })
}
