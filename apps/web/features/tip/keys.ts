import type { ReactionKind } from '@oo/shared-types'

export type Key = { reaction: ReactionKind } | 'later' | 'why' | 'undo' | 'help' | 'close' | 'toggle'

/** What of the page has the focus: nothing, something to press, or something to write in. */
export type Focused = 'nothing' | 'something' | 'field'

const keys: Record<string, Key> = {
  d: { reaction: 'done' },
  s: 'later',
  x: { reaction: 'dismiss' },
  h: { reaction: 'helpful' },
  n: { reaction: 'not_helpful' },
  w: 'why',
  z: 'undo',
  '?': 'help',
  Escape: 'close',
}

export const keyHelp: [key: string, does: string][] = [
  ['Enter', 'show what you can do'],
  ['Esc', 'hide it again'],
  ['d', 'done'],
  ['s', 'later'],
  ['x', 'not this'],
  ['h', 'helpful'],
  ['n', 'not helpful'],
  ['w', 'why this'],
  ['z', 'undo the last reaction'],
  ['?', 'this list'],
]

type Press = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'repeat'>

/** What a key means here; a key held down, a browser's own shortcut or typing means nothing. */
export function keyOf(press: Press, focused: Focused): Key | null {
  if (press.ctrlKey || press.metaKey || press.altKey || press.repeat) return null
  if (focused === 'field' && press.key !== 'Escape') return null
  if (press.key === 'Enter' || press.key === ' ') return focused === 'nothing' ? 'toggle' : null
  return keys[press.key.length === 1 ? press.key.toLowerCase() : press.key] ?? null
}
