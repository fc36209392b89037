// What a card's words have to keep to; each test names every card that does not.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Card } from './card.ts'
import { cards } from './cards.ts'

const words = (text: string): string[] => text.toLowerCase().match(/[\p{L}’]+/gu) ?? []

/** Every card for which a fault is found, with the fault. */
const faults = (find: (card: Card) => string | false | undefined): string[] =>
  cards.flatMap(card => {
    const fault = find(card)
    return fault ? [`${card.id}: ${fault}`] : []
  })

test('a text fits the page and is read at a glance', () => {
  const sentencesOf = (text: string) => text.split(/(?<=[.?…])\s+/)
  const longest = (text: string) => Math.max(...sentencesOf(text).map(sentence => words(sentence).length))
  const letters = (text: string) => words(text).join('').length / words(text).length
  assert.deepEqual(
    faults(({ text }) => (text.length < 20 || text.length > 105) && `${text.length} characters`),
    [],
  )
  assert.deepEqual(
    faults(({ text }) => sentencesOf(text).length > 3 && 'more than three sentences'),
    [],
  )
  assert.deepEqual(
    faults(({ text }) => longest(text) > 18 && `a sentence of ${longest(text)} words`),
    [],
  )
  assert.deepEqual(
    faults(({ text }) => letters(text) > 6 && `words of ${letters(text).toFixed(1)} letters on average`),
    [],
  )
})

test('typography is one: curly quotes, a full stop, no exclamation, no emoji, no stray spaces', () => {
  const spelled = /^\p{Lu}[\p{L}\p{N} ,.:;?…’“”-]*([.?]”?|…)$/u
  const stray = /\.\.|\s{2}| [,.:;?]|--/
  assert.deepEqual(
    faults(({ text }) => (!spelled.test(text) || stray.test(text)) && text),
    [],
  )
  assert.deepEqual(
    faults(({ text }) => text.split('“').length !== text.split('”').length && 'an open quotation'),
    [],
  )
})

/** Each list is what no card says, and why; stems, so that forms are caught with them. */
const unsaid: Record<string, RegExp> = {
  'orders and scolding':
    /\b(must|should|shouldn’t|need to|have to|ought|don’t|do not\b|never|stop being|finally|lazy|waste|wasted|excuse|procrastinat|guilt|fail)/i,
  platitudes:
    /\b(believe in yourself|be your best|you’ve got this|live in the moment|mindful|self-care|positive vibes|hustle|crush|productiv|just|simply|remember to|make sure)\b/i,
  'medicine and therapy':
    /\b(health|doctor|medic|pill|symptom|pain|anxi|depress|diagnos|therap|trauma|stress|insomnia|sleep better|fall asleep|heart rate|immune|cure|heal|treat|disorder|panic)/i,
  'food and the body':
    /\b(calor|diet|lose weight|weight|fat|sugar|protein|eat|meal|snack|drink|water|coffee|alcohol|wine|fasting|legs?|feet|foot|arms?|eyes?|stand up|stairs|walk|run|jog|exercise|workout|steps a day|stretch your|muscle|posture)\b/i,
  money: /\b(money|save up|invest|budget|buy|spend less|salary|debt|price|expensive|afford|pay)\b/i,
  'family, belief and custom':
    /\b(mother|father|mum|mom|dad|parents?|child|children|kids?|husband|wife|partner|spouse|family|pray|prayer|god|church|mosque|temple|bless|blessing|christmas|easter|ramadan|holy|sabbath|spirit)\b/i,
  'certainty that no study gives':
    /\b(always|proven|guarantee|scientifically|studies show|research shows|will make you|everyone|nobody ever)\b/i,
}

test('words that order, shame, heal, feed, sell or presume do not occur', () => {
  for (const [what, pattern] of Object.entries(unsaid))
    assert.deepEqual(
      faults(({ text }) => pattern.exec(text)?.[0]),
      [],
      what,
    )
})

/** Wordings that say what something does to a person or a task. */
const claim =
  /\b(helps?|makes? it|easier|easily|better|faster|closer|longer it|more than you|more than we|than you’d|than we|tends?|often|usually|makes it last|lasts|lets it|lets go|lingers?|energy back|restores?|a rest|a push|takes a piece|brightens?|comes? on the move|stays longer|costs less|nicer than)\b/i

test('a card that claims an effect names a study', () => {
  assert.deepEqual(
    faults(({ text, evidence }) => !evidence?.length && claim.exec(text)?.[0]),
    [],
  )
})

test('a card speaks of a list, a late thing, an appointment or an evening only where the engine knows of one', () => {
  assert.deepEqual(
    faults(({ text, when = {} }) => {
      if (/\b(your|the) list\b/i.test(text) && !when.openTasks?.atLeast) return 'a list'
      if (/\b(late thing|slipped past)/i.test(text) && !when.overdue?.atLeast) return 'something late'
      if (/\b(next appointment|starts soon|free ahead|lies ahead)\b/i.test(text) && !when.freeMin)
        return 'an appointment'
      return (
        /\b(tonight|this evening|before bed)\b/i.test(text) && (when.hours?.[0] ?? 0) < 12 && 'an evening'
      )
    }),
    [],
  )
})

test('beginnings differ: no three words open more than three cards', () => {
  const openings = Map.groupBy(cards, ({ text }) => words(text).slice(0, 3).join(' '))
  assert.deepEqual(
    [...openings].filter(([, begun]) => begun.length > 3).map(([opening]) => opening),
    [],
  )
})
