import type { ReactionKind, Recommendation, Tip } from '@oo/shared-types'
import { reactionName } from './sentences.ts'

type Silence = NonNullable<Recommendation['silence']>

/** What the page shows: a tip, honestly nothing, or that oO cannot be reached. */
export type Face =
  | { is: 'tip'; tip: Tip }
  | { is: 'nothing'; silence: Silence; away: string[] }
  | { is: 'away'; sentence: string }

/** A reaction as it is sent; sent again, it is byte for byte the same. */
export type Payload = { tipId: string; reaction: ReactionKind; snoozeUntil?: string; at: string }

/** What can be undone from this page. `id` is known once the reaction is recorded. */
export type Undo = { reaction: ReactionKind; tip: Tip; id: string | null }

export type Open = 'closed' | 'actions' | 'later' | 'pick' | 'why'

export type State = {
  face: Face
  /** leaving: the tip is on its way out; resting: the breath before the next one. */
  motion: 'still' | 'leaving' | 'resting'
  open: Open
  undo: Undo | null
  /** A quiet sentence on the page. */
  notice: string | null
  /** The notice confirms something: the next face does not end it, the next reaction does. */
  confirms: boolean
  /** What a screen reader is told; null: what the page shows. */
  said: string | null
}

export type Happening =
  | { type: 'opened'; open: Open }
  | { type: 'reacted'; payload: Payload; said: string }
  | { type: 'withdrawn' }
  | { type: 'left' }
  | { type: 'recorded'; id: string }
  | { type: 'unsent'; notice: string }
  | { type: 'arrived'; face: Face }
  | { type: 'undoEnded' }
  | { type: 'undone'; tip: Tip; said: string }
  | { type: 'undoneLate'; notice: string; said: string }
  | { type: 'noticed'; notice: string | null }

export const begin = (face: Face): State => ({
  face,
  motion: 'still',
  open: 'closed',
  undo: null,
  notice: null,
  confirms: false,
  said: '',
})

export function step(state: State, happening: Happening): State {
  switch (happening.type) {
    case 'opened':
      return state.motion === 'still' ? { ...state, open: happening.open } : state
    case 'reacted':
      if (state.face.is !== 'tip' || state.motion !== 'still') return state
      return {
        ...state,
        motion: 'leaving',
        open: 'closed',
        undo: { reaction: happening.payload.reaction, tip: state.face.tip, id: null },
        notice: null,
        confirms: false,
        said: happening.said,
      }
    case 'withdrawn':
      if (state.face.is !== 'tip' || state.motion !== 'still') return state
      return { ...state, motion: 'leaving', open: 'closed' }
    case 'left':
      return state.motion === 'leaving' ? { ...state, motion: 'resting' } : state
    case 'recorded':
      return state.undo ? { ...state, undo: { ...state.undo, id: happening.id } } : state
    case 'unsent':
      return {
        ...state,
        motion: 'still',
        face: state.undo ? { is: 'tip', tip: state.undo.tip } : state.face,
        undo: null,
        notice: happening.notice,
        confirms: false,
        said: happening.notice,
      }
    case 'arrived':
      return arrived(state, happening.face)
    case 'undoEnded':
      return { ...state, undo: null }
    case 'undone':
      return {
        ...state,
        motion: 'still',
        open: 'closed',
        face: { is: 'tip', tip: happening.tip },
        undo: null,
        notice: null,
        confirms: false,
        said: happening.said,
      }
    case 'undoneLate':
      return { ...state, notice: happening.notice, confirms: true, said: happening.said }
    case 'noticed':
      return {
        ...state,
        notice: happening.notice,
        confirms: false,
        said: happening.notice ?? state.said,
      }
  }
}

export const isSameTip = (one: Face, other: Face): boolean =>
  one.is === 'tip' && other.is === 'tip' && one.tip.id === other.tip.id

/** The same tip again changes nothing, so that looking again never disturbs someone who is choosing. */
function arrived(state: State, face: Face): State {
  if (isSameTip(state.face, face) && state.motion === 'still') return state
  const shown: State = { ...state, face, motion: 'still', open: 'closed' }
  if (!state.confirms) return { ...shown, notice: null, said: saidOf(face) }
  const isWhatCameBack = face.is === 'tip' && state.said?.includes(face.tip.text)
  return {
    ...shown,
    said: isWhatCameBack ? state.said : [state.said, saidOf(face)].filter(Boolean).join(' '),
  }
}

function saidOf(face: Face): string | null {
  if (face.is === 'tip') return `Next: ${face.tip.text}`
  return face.is === 'away' ? face.sentence : null
}

export function undoName(undo: Pick<Undo, 'reaction'>): string {
  return `Undo “${reactionName(undo.reaction).toLowerCase()}”`
}
