import type { ReactionKind, SilenceReason } from '@oo/shared-types'
import { momentIn } from './zone.ts'

export type Nothing = { reason: SilenceReason; until: string | null; away?: string[] }

/** The one sentence of a silent page; it is true for its reason and says no more than is known. */
export function nothingSentence({ reason, until, away = [] }: Nothing, zone: string, now: Date): string {
  switch (reason) {
    case 'paused':
      return until ? `Paused until ${momentIn(zone, new Date(until), now)}.` : 'Paused until you resume.'
    case 'nothing_connected':
      return 'Nothing is connected yet.'
    case 'source_away':
      return `${named(away)} not answer right now.`
    case 'consent_missing':
      return 'oO needs your agreement to read your tasks.'
    case 'nothing_open':
    case 'all_resting':
    case 'nothing_worth_it':
      return 'Nothing needs you now.'
  }
}

const because: Partial<Record<SilenceReason, string>> = {
  nothing_open: 'No task is open.',
  all_resting: 'What is open rests for now.',
  nothing_worth_it: 'Nothing open is worth this moment.',
  source_away: 'Nothing is lost.',
  paused: 'While you pause, nothing is shown and nothing is learned.',
}

/** What a tap adds: why it is quiet, and when oO looks again. */
export function nothingDetail({ reason, until }: Nothing, zone: string, now: Date): string {
  const again = until
    ? `oO looks again ${at(momentIn(zone, new Date(until), now))}.`
    : 'oO looks again when you come back.'
  return [because[reason], reason === 'paused' ? undefined : again].filter(Boolean).join(' ')
}

const at = (moment: string) => (/^\d/.test(moment) ? `at ${moment}` : moment)

function named(names: string[]): string {
  if (names.length === 0) return 'The app you connected does'
  return names.length === 1 ? `${names[0]} does` : `${names.slice(0, -1).join(', ')} and ${names.at(-1)} do`
}

const past: Record<ReactionKind, string> = {
  done: 'Done',
  snooze: 'Later',
  dismiss: 'Not this',
  helpful: 'Helpful',
  not_helpful: 'Not helpful',
  wrong_time: 'Wrong time',
  wrong_thing: 'Wrong thing',
  already_done: 'Already done',
  never: 'Never this',
}

/** How a reaction is called wherever it is listed or undone. */
export function reactionName(reaction: ReactionKind): string {
  return past[reaction]
}

/** What an undo took back; the words of a tip are not always kept. */
export function undoneSentence(reaction: ReactionKind, text?: string): string {
  const undone = `Undone “${reactionName(reaction).toLowerCase()}”`
  return text ? `${undone}: ${text}` : `${undone}.`
}

const mostLetters = 40

/** A text cut at a word, for a line that only names it. */
export function shortened(text: string): string {
  const letters = Array.from(text)
  if (letters.length <= mostLetters) return text
  const cut = letters.slice(0, mostLetters).join('')
  return `${cut.replace(/\s+\S*$/, '').replace(/\p{P}+$/u, '')}…`
}
