import { changed, type Eraser, type Exporter } from '@oo/kernel'
import type { AuthCtx } from './context.ts'
import { sessionsTopic } from './sessionMemory.ts'
import { accountOf, deletePerson, identitiesOf } from './store/people.ts'
import { sessionsOf } from './store/sessions.ts'

const tables = ['auth.people', 'auth.identities', 'auth.sessions', 'auth.person_keys']
const text = { type: 'string' }
const instant = { type: 'string', format: 'date-time' }
const rowOf = (properties: Record<string, unknown>) => ({
  type: 'object',
  additionalProperties: false,
  required: Object.keys(properties),
  properties,
})

/** Never a hash and never the key: they would let somebody else in, and tell the person nothing. */
export const exporterOf = (ctx: AuthCtx): Exporter => ({
  tables,
  async collect(personId) {
    return [
      {
        name: 'account',
        about:
          'Your account: since when, with which rights, and when the key that seals your words was made.',
        schema: rowOf({ id: text, role: text, createdAt: instant, keyMadeAt: instant }),
        rows: await accountOf(ctx.db, personId),
      },
      {
        name: 'sign-ins',
        about: 'The providers by which you sign in.',
        schema: rowOf({ issuer: text, since: instant }),
        rows: await identitiesOf(ctx.db, personId),
      },
      {
        name: 'sessions',
        about: 'Where you are signed in.',
        schema: rowOf({
          id: text,
          device: text,
          createdAt: instant,
          lastSeenAt: instant,
          expiresAt: instant,
        }),
        rows: await sessionsOf(ctx.db, personId, ctx.clock.now()),
      },
    ]
  },
})

/** Run by the deletion itself as its last step, never before: the key must outlive what it sealed. */
export const eraser: Eraser = {
  tables,
  async erase(tx, personId) {
    changed(tx, sessionsTopic, personId)
    return { rows: await deletePerson(tx, personId) }
  },
}
