import type { Integration, Recommendation } from '@oo/shared-types'
import type { Face } from './machine.ts'

/** What an answer of `recommend` looks like; only a silent provider needs a second look to be named. */
export async function faceOf(
  { tip, silence = { reason: 'nothing_worth_it', until: null } }: Recommendation,
  integrations: () => Promise<{ integrations: Integration[] }>,
): Promise<Face> {
  if (tip) return { is: 'tip', tip }
  if (silence.reason !== 'source_away') return { is: 'nothing', silence, away: [] }
  const list = await integrations().catch(() => ({ integrations: [] }))
  const away = list.integrations.filter(({ state }) => state === 'away' || state === 'reconnect')
  return { is: 'nothing', silence, away: away.map(({ name }) => name) }
}
