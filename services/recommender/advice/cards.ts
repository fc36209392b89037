// The library: every card, in the order of its themes.
import type { Card, Theme, Written } from './card.ts'
import { breaks } from './themes/break.ts'
import { focus } from './themes/focus.ts'
import { move } from './themes/move.ts'
import { plan } from './themes/plan.ts'
import { reflect } from './themes/reflect.ts'
import { rest } from './themes/rest.ts'
import { social } from './themes/social.ts'
import { tidy } from './themes/tidy.ts'

const of = (theme: Theme, written: readonly Written[]): Card[] => written.map(card => ({ ...card, theme }))

export const cards: readonly Card[] = [
  ...of('plan', plan),
  ...of('focus', focus),
  ...of('break', breaks),
  ...of('social', social),
  ...of('reflect', reflect),
  ...of('move', move),
  ...of('rest', rest),
  ...of('tidy', tidy),
]
