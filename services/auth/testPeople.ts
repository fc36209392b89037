// People and sessions without a browser, by auth's own verbs.
import { transaction } from '@oo/kernel'
import { arrive } from './arrive.ts'
import { startSession } from './startSession.ts'
import type { World } from './testWorld.ts'

type Auth = ReturnType<World['start']>
let count = 0

export async function newcomer(
  world: World,
  auth: Auth,
  who: { subject?: string; email?: string; emailVerified?: boolean } = {},
): Promise<string> {
  count += 1
  const arrived = await transaction(world.db, tx =>
    arrive(auth.own, tx, {
      issuer: 'https://idp.test',
      subject: who.subject ?? `someone-${count}`,
      name: 'Someone',
      email: who.email ?? `someone-${count}@example.test`,
      emailVerified: who.emailVerified ?? true,
      provider: 'demo',
    }),
  )
  if (arrived.beingDeleted) throw new Error('this person is being deleted')
  return arrived.personId
}

export const signedIn = (world: World, auth: Auth, personId: string | null, device = 'Firefox on Linux') =>
  transaction(world.db, tx => startSession(auth.own, tx, { personId, device, replaces: undefined }))
