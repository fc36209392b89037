import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type Provider from 'oidc-provider'
import { acceptForms } from '../forms.ts'
import type { Origins } from '../origins.ts'
import { sendConsent, sendSentence } from '../page.ts'
import { emailOf, fieldsOf } from '../read.ts'
import { rememberPerson } from '../signed-in.ts'
import { demoPerson, type World } from '../world.ts'

export type InteractionParts = { provider: () => Provider; world: World; origins: Origins; auto: boolean }

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>

const lost = 'This sign-in is over or belongs to another window. Go back and start again.'

/** Who signs in? One button; with `auto` nobody is asked. */
export function interactionRoutes(app: FastifyInstance, parts: InteractionParts): void {
  acceptForms(app)
  app.get('/oidc/interaction/:uid', async (request, reply) => {
    const details = await detailsOf(request, reply)
    if (!details) return sendSentence(reply, 400, 'Sign-in lost', lost)
    const person = parts.world.person(emailOf(details.params.login_hint) ?? demoPerson.email)
    return parts.auto ? finish(request, reply, details, person.email) : ask(reply, details.uid, person)
  })

  app.post('/oidc/interaction/:uid', async (request, reply) => {
    const details = await detailsOf(request, reply)
    if (!details) return sendSentence(reply, 400, 'Sign-in lost', lost)
    const email = emailOf(fieldsOf(request.body).email)
    if (email) return finish(request, reply, details, email)
    return ask(reply, details.uid, parts.world.person(demoPerson.email), 'This is not an e-mail address.')
  })

  async function detailsOf(request: FastifyRequest, reply: FastifyReply) {
    try {
      return await parts.provider().interactionDetails(request.raw, reply.raw)
    } catch {
      return undefined
    }
  }

  function ask(reply: FastifyReply, uid: string, person: { name: string; email: string }, note?: string) {
    const page = {
      title: 'Sign in to oO',
      sentence: `As ${person.email}, with the demo account of this machine.`,
      person,
      action: `/oidc/interaction/${uid}`,
      hidden: {},
      note,
    }
    return sendConsent(reply, page, parts.origins.list())
  }

  /** The person of last time leaves first: the provider would otherwise ask the browser to sign them out by script. */
  async function finish(request: FastifyRequest, reply: FastifyReply, details: Interaction, email: string) {
    if (details.session) {
      await (await parts.provider().Session.findByUid(details.session.uid))?.destroy()
      delete details.session
      await details.persist()
    }
    const { sub } = parts.world.person(email)
    const login = { accountId: sub, remember: true }
    const next = await parts.provider().interactionResult(request.raw, reply.raw, { login })
    return reply
      .header('set-cookie', rememberPerson(email))
      .header('cache-control', 'no-store')
      .redirect(next, 303)
  }
}
