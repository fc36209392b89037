// The advice library: of the cards that fit the moment a few are drawn anew for each decision, every theme in its turn.
// What is drawn is what is scored and logged, so a probability is true among the candidates of its decision.
import type { Card } from '../advice/card.ts'
import { cards } from '../advice/cards.ts'
import { fitting } from '../advice/fitting.ts'
import { momentOf } from '../advice/moment.ts'
import type { Candidate } from '../decided.ts'
import type { Source } from './source.ts'

const name = 'library'
const byId = new Map(cards.map(card => [card.id, card]))
/** A card offers the same at every moment. */
const offers = new Map(cards.map(card => [card, candidateOf(card)]))

export const library: Source = {
  name,
  kind: 'advice',
  places: 8,
  leftOver: 'not_drawn',
  hasProvider: false,
  gather(_ctx, _personId, moment) {
    const fit = fitting(cards, momentOf(moment))
    return {
      candidates: fit.map(card => offers.get(card) ?? candidateOf(card)),
      unfit: cards.length - fit.length,
    }
  },
  order: everyThemeInTurn,
  wordsOf(_ctx, _personId, { externalId }) {
    const card = byId.get(externalId)
    return card && { text: card.text, url: null, due: null }
  },
  /** A card for the morning is none at noon, and one for the day none at night. */
  isOver(_ctx, _personId, { externalId }, { now, timeZone }) {
    const card = byId.get(externalId)
    if (!card) return true
    const { hours, weekdays } = card.when ?? {}
    const byTheClock = { ...card, when: { ...(hours && { hours }), ...(weekdays && { weekdays }) } }
    const moment = momentOf({ now, timeZone, open: { state: 'none', tasks: [] }, freeMin: null })
    return fitting([byTheClock], moment).length === 0
  },
  themeOf: externalId => byId.get(externalId)?.theme ?? null,
}

function candidateOf(card: Card): Candidate {
  return {
    id: `${name}:${card.id}`,
    source: name,
    externalId: card.id,
    kind: 'advice',
    theme: card.theme,
    words: { text: card.text, url: null, due: null },
    wording: card,
    attributes: { theme: card.theme, effortMin: card.effortMin },
  }
}

/** Shuffled, then one of each theme, then a second of each: no theme gains by having more cards. */
function everyThemeInTurn(candidates: readonly Candidate[], chance: () => number): Candidate[] {
  const turns: Candidate[][] = []
  const had = new Map<string | null, number>()
  for (const candidate of shuffled(candidates, chance)) {
    const turn = had.get(candidate.theme) ?? 0
    had.set(candidate.theme, turn + 1)
    const others = turns[turn] ?? []
    others.push(candidate)
    turns[turn] = others
  }
  return turns.flat()
}

/** Fisher and Yates: what is drawn last takes the place of what was drawn. */
function* shuffled<T>(all: readonly T[], chance: () => number): Generator<T> {
  const left = [...all]
  while (left.length > 0) {
    const at = Math.floor(chance() * left.length)
    const [drawn, last] = [left[at], left.pop()]
    if (at < left.length && last !== undefined) left[at] = last
    if (drawn !== undefined) yield drawn
  }
}
