import { sameSecret, transaction } from '@oo/kernel'
import { safeNext } from '@oo/shared-types/handlers'
import { arrive, subjectHash } from './arrive.ts'
import { askProvider, type Identified } from './askProvider.ts'
import type { Redirect } from './beginSignIn.ts'
import type { AuthCtx } from './context.ts'
import { deviceOf } from './device.ts'
import { noLoginCookie, readLoginCookie, type SignInUnderWay } from './loginCookie.ts'
import type { Provider } from './provider.ts'
import { problemOf, type SignInProblem } from './signInProblem.ts'
import { sessionCookie, startSession } from './startSession.ts'
import { canSeedAdmin, personBySubject } from './store/people.ts'

export interface Callback {
  provider: string
  origin: string
  url: URL
  cookie: string | undefined
  sid: string | undefined
  userAgent: string
}

/** The provider sent the browser back: checks that it set out from here, learns who it is, signs them in. */
export async function finishSignIn(ctx: AuthCtx, callback: Callback): Promise<Redirect> {
  const underWay = readLoginCookie(ctx.settings.secret, callback.cookie, ctx.clock.now())
  const provider = ctx.providers.get(callback.provider)
  if (!underWay || !provider || !belongsTogether(underWay, callback)) return back(callback, 'expired')

  const identified = await identify(ctx, { provider, underWay, url: callback.url })
  if (typeof identified === 'string') return back(callback, identified)

  const signedIn = await transaction(ctx.db, async tx => {
    const arrived = await arrive(ctx, tx, { ...identified, provider: provider.id })
    if (arrived.beingDeleted) return null
    const session = await startSession(ctx, tx, {
      personId: arrived.personId,
      device: deviceOf(callback.userAgent),
      replaces: callback.sid,
    })
    return { ...arrived, ...session }
  })
  if (!signedIn) return back(callback, 'being_deleted')

  const next = safeNext(underWay.next, callback.origin, '/')
  const toConnect = signedIn.isNew && next === '/' && callback.origin === ctx.settings.origins[0]
  return {
    location: `${callback.origin}${toConnect ? '/connect' : next}`,
    cookies: [sessionCookie(ctx, signedIn), noLoginCookie],
  }
}

/** Same browser, same provider, same address and the state that was sent along. */
function belongsTogether(underWay: SignInUnderWay, { provider, origin, url }: Callback): boolean {
  const states = url.searchParams.getAll('state')
  return (
    underWay.provider === provider &&
    underWay.origin === origin &&
    states.length === 1 &&
    sameSecret(states[0] ?? '', underWay.state)
  )
}

async function identify(
  ctx: AuthCtx,
  input: { provider: Provider; underWay: SignInUnderWay; url: URL },
): Promise<Identified | SignInProblem> {
  try {
    return await askProvider(input, identity => needsCard(ctx, identity))
  } catch (error) {
    const problem = problemOf(error)
    if (problem !== 'declined') {
      input.provider.forget()
      ctx.log.warn({ provider: input.provider.id, problem, reason: reasonOf(error) }, 'a sign-in failed')
    }
    return problem
  }
}

/** Name and address are asked for only when they are needed: of someone new, or while an admin is to be named. */
async function needsCard(ctx: AuthCtx, { issuer, subject }: { issuer: string; subject: string }) {
  if (!(await personBySubject(ctx.db, subjectHash(issuer, subject)))) return true
  return ctx.settings.adminSeedEmail !== undefined && (await canSeedAdmin(ctx.db))
}

const back = ({ origin }: Callback, problem: SignInProblem): Redirect => ({
  location: `${origin}/sign-in?problem=${problem}`,
  cookies: [noLoginCookie],
})

/** The library's codes only: its errors can carry tokens and claims as their cause. */
const reasonOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}${'code' in error ? ` ${error.code}` : ''}` : 'unknown'
