// A provider's cursor may say which calendar it belongs to, so it lies sealed. One that does not open, because the
// instance's secret changed, is none: the calendar is read anew.
import { keyedHash, open, seal } from '@oo/kernel'
import type { IntegrationsCtx } from '../context.ts'
import type { Whose } from './store.ts'

type Keyed = Pick<IntegrationsCtx, 'secret'>

const keyOf = ({ secret }: Keyed): Buffer => keyedHash(secret, 'integrations.calendar', 'cursor')
const place = ({ personId, provider }: Whose): string =>
  `integrations.calendars.cursor:${personId}:${provider}`

export const sealCursor = (ctx: Keyed, whose: Whose, cursor: string): Buffer =>
  seal(keyOf(ctx), Buffer.from(cursor), place(whose))

export function openCursor(ctx: Keyed, whose: Whose, sealed: Buffer): string | null {
  try {
    return open(keyOf(ctx), sealed, place(whose)).toString()
  } catch {
    return null
  }
}
