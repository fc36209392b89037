import { isUniqueViolation, newId, sha256, type Tx, wrapKey } from '@oo/kernel'
import type { Identified } from './askProvider.ts'
import type { AuthCtx } from './context.ts'
import { keyPlace } from './personKeys.ts'
import { insertPerson, lockPerson, personBySubject, seedAdmin } from './store/people.ts'

export type Arrived = { beingDeleted: true } | { beingDeleted: false; personId: string; isNew: boolean }

/** An identity is the provider's address and its number for the person, nothing else. */
export const subjectHash = (issuer: string, subject: string): Buffer => sha256(`${issuer}\0${subject}`)

/** Who this identity is here: someone known, or a new person with a key of their own. Never matched by e-mail. */
export async function arrive(ctx: AuthCtx, tx: Tx, who: Identified & { provider: string }): Promise<Arrived> {
  const hash = subjectHash(who.issuer, who.subject)
  const known = (await personBySubject(tx, hash)) ?? (await created(ctx, tx, who, hash))
  const locked = await lockPerson(tx, known.personId)
  if (!locked || locked.erasing) return { beingDeleted: true }
  if (isSeed(ctx, who) && (await seedAdmin(tx, known.personId, ctx.clock.now())))
    ctx.log.info({ personId: known.personId }, 'the first admin has been named by ADMIN_SEED_EMAIL')
  return { beingDeleted: false, personId: known.personId, isNew: 'isNew' in known }
}

async function created(ctx: AuthCtx, tx: Tx, who: Identified & { provider: string }, hash: Buffer) {
  const personId = newId(ctx)
  const key = wrapKey(ctx.settings.keyring, ctx.random.bytes(32), keyPlace(personId))
  await tx.$client.query('SAVEPOINT newcomer')
  try {
    await insertPerson(tx, {
      id: personId,
      issuer: who.issuer,
      subjectHash: hash,
      key,
      at: ctx.clock.now(),
    })
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    // The same person came in by another window a moment ago.
    await tx.$client.query('ROLLBACK TO SAVEPOINT newcomer')
    const other = await personBySubject(tx, hash)
    if (!other) throw error
    return other
  }
  const { name, email, emailVerified, provider } = who
  await ctx.hooks.welcome(tx, { personId, name, email, emailVerified })
  await ctx.events.append(tx, personId, { case: 'accountCreated', value: { provider } })
  return { personId, isNew: true }
}

function isSeed({ settings }: AuthCtx, { email, emailVerified }: Identified): boolean {
  const wanted = settings.adminSeedEmail?.trim().toLowerCase()
  return Boolean(wanted) && emailVerified && email.toLowerCase() === wanted
}
