import { ApiProblem, answerOf } from '@oo/sdk-js'
import { load } from '../sign-in/person.ts'
import { faceOf } from './face.ts'
import type { Face } from './machine.ts'

export type Opening = { face: Face; zone: string | null | undefined; contrast: 'black' | 'soft' }

/** Asks for the tip while the page is rendered, so that its text is in the first paint. */
export async function openTip(): Promise<Opening> {
  const loaded = await load('/', async api => {
    const [found, profile] = await Promise.all([
      answerOf(api.POST('/recommend', { body: { trigger: 'open' } })),
      answerOf(api.GET('/profile')).catch((error: unknown) => {
        if (error instanceof ApiProblem && error.status !== 401) return null
        throw error
      }),
    ])
    const face = await faceOf(found, () => answerOf(api.GET('/integrations')))
    return { face, zone: profile ? profile.timeZone : undefined, contrast: profile?.contrast ?? 'black' }
  })
  if (loaded.ok) return loaded.value
  return { face: { is: 'away', sentence: loaded.sentence }, zone: undefined, contrast: 'black' }
}
