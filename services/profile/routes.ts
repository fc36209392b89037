import { type Handlers, personOf } from '@oo/shared-types/handlers'
import { answerConsent } from './answerConsent.ts'
import { changeProfile } from './changeProfile.ts'
import { consentsOf } from './consentsOf.ts'
import type { ProfileCtx } from './context.ts'
import { exportProfile } from './exportProfile.ts'
import { pause } from './pause.ts'
import { profileOf } from './profileOf.ts'
import { readPerson } from './readPerson.ts'
import { resume } from './resume.ts'
import { findPerson } from './store.ts'

export type ProfileHandlers = Handlers<
  | 'getProfile'
  | 'getProfileData'
  | 'patchProfile'
  | 'deleteProfile'
  | 'getConsents'
  | 'putConsent'
  | 'pause'
  | 'resume'
  | 'exportProfile'
>

export const routes = (ctx: ProfileCtx): ProfileHandlers => ({
  getProfile: async request => {
    const person = await findPerson(ctx.db, personOf(request))
    return { status: 200, body: await profileOf(ctx, person?.card) }
  },

  getProfileData: async request => ({ status: 200, body: await readPerson(ctx, personOf(request)) }),

  patchProfile: async request => ({
    status: 200,
    body: await changeProfile(ctx, { ...request.body, personId: personOf(request) }),
  }),

  async deleteProfile(request) {
    const { receiptId } = await ctx.auth.requestErasure(personOf(request))
    return { status: 202, body: { receiptId }, cookies: [{ name: 'sid', value: '', maxAgeSeconds: 0 }] }
  },

  getConsents: async request => {
    const person = await findPerson(ctx.db, personOf(request))
    return { status: 200, body: consentsOf(person?.answers ?? []) }
  },

  putConsent: async request => ({
    status: 200,
    body: await answerConsent(ctx, { ...request.body, personId: personOf(request) }),
  }),

  async pause(request) {
    const until = request.body.until === undefined ? null : new Date(request.body.until)
    return { status: 200, body: await pause(ctx, { personId: personOf(request), until }) }
  },

  resume: async request => ({ status: 200, body: await resume(ctx, personOf(request)) }),

  async exportProfile(request) {
    const day = ctx.clock.now().toISOString().slice(0, 10)
    return {
      status: 200,
      headers: {
        'content-type': 'application/zip',
        'content-disposition': `attachment; filename="oo-export-${day}.zip"`,
      },
      body: await exportProfile(ctx, personOf(request)),
    }
  },
})
