import assert from 'node:assert/strict'
import { test } from 'node:test'
import { likeness, nearlySame, sketch } from './likeness.ts'

const key = Buffer.alloc(32, 7)
const alike = (a: string, b: string): number => likeness(sketch(a, key), sketch(b, key))

/** The same wish in slightly other words, as people and providers rewrite it. */
const rewritten: readonly [string, string][] = [
  ['Buy oat milk and bread', 'buy oat milk, bread'],
  ['Call the plumber about the kitchen tap', 'Call plumber about kitchen tap'],
  ['Send invoice 2041 to Harbour Studio', 'Send the invoice 2041 to Harbour Studio!'],
  ['Renew the passport before summer', 'Renew passport before the summer'],
  ['Book a dentist appointment', 'Book dentist appointment'],
  ['Write the quarterly report for Sofia', 'Write quarterly report for Sofia'],
  ['Prepare slides for Thursday’s review', "Prepare the slides for Thursday's review"],
  ['Zahnarzttermin für Mai vereinbaren', 'Zahnarzttermin im Mai vereinbaren'],
  ['Réserver les billets de train', 'reserver billets de train'],
  ['Return the library books', 'Return library books'],
  ['Clear one surface, however small, and leave it empty.', 'Clear one small surface and leave it empty.'],
  ['Take five minutes away from every screen.', 'Take five minutes away from your screens.'],
  ['来週の会議の資料を準備する', '来週の会議の資料を準備'],
  ['Подготовить отчёт за второй квартал', 'Подготовить отчет за второй квартал'],
  ['Water the plants on the balcony', 'Water plants on the balcony'],
  ['Ask Jonas for the contract draft', 'Ask Jonas about the contract draft'],
  ['Finish chapter three of the thesis', 'Finish thesis chapter three'],
  ['Put the bins out tonight', 'put bins out tonight'],
  ['Reply to the landlord’s letter', 'Reply to landlord’s letter'],
  ['Order new filters for the coffee machine', 'Order filters for the coffee machine'],
]

/** Different wishes that begin or end alike, as they stand side by side in one person's list. */
const neighbours: readonly [string, string][] = [
  ['Call the plumber about the kitchen tap', 'Call the bank about the new card'],
  ['Buy oat milk and bread', 'Buy a birthday present for Ines'],
  ['Write the quarterly report for Sofia', 'Write a postcard to Sofia'],
  ['Book a dentist appointment', 'Book a table for Friday'],
  ['Prepare slides for Thursday’s review', 'Prepare the guest room for Thursday'],
  ['Finish chapter three of the thesis', 'Finish the tax return'],
  ['Renew the passport before summer', 'Renew the parking permit'],
  ['Ask Jonas for the contract draft', 'Ask Jonas to water the plants'],
  ['Return the library books', 'Return the drill to Mara'],
  ['Order new filters for the coffee machine', 'Order firewood for the winter'],
]

const everyText = [...rewritten.flat(), ...neighbours.flat()]

/** Texts of different wishes, each with each. */
const unrelated = rewritten.flatMap(([a], at) =>
  rewritten.slice(at + 1).map(([b]): readonly [string, string] => [a, b]),
)

const measured = (pairs: readonly (readonly [string, string])[]): number[] =>
  pairs.map(([a, b]) => alike(a, b)).sort((a, b) => a - b)

test('the same wish in slightly other words is found, different wishes are not, with room between', t => {
  const [same, beside, apart] = [measured(rewritten), measured(neighbours), measured(unrelated)]
  const [lowest, closest, stray] = [same[0] ?? 0, beside.at(-1) ?? 1, apart.at(-1) ?? 1]
  t.diagnostic(
    `rewritten ≥ ${lowest.toFixed(2)}, neighbours ≤ ${closest.toFixed(2)}, unrelated ≤ ${stray.toFixed(2)}`,
  )
  assert.ok(lowest >= nearlySame + 0.1, 'the least alike of the rewritten')
  assert.ok(closest <= nearlySame - 0.1, 'the most alike of the neighbours')
  assert.ok(stray <= 0.2, 'the most alike of the unrelated')
})

test('what letters cannot tell stays untold: other words for one thing are far, one changed word is near', () => {
  assert.ok(alike('Ring mother this evening', 'Phone Mum tonight') < nearlySame)
  assert.ok(alike('Pay the rent for March', 'Pay the rent for April') > nearlySame)
})

test('it estimates the share of four-letter runs that two texts have in common', t => {
  const runs = (text: string) =>
    new Set(Array.from({ length: text.length - 1 }, (_, at) => ` ${text} `.slice(at, at + 4)))
  const plain = everyText.filter(text => /^[a-z0-9 ]+$/i.test(text)).map(text => text.toLowerCase())
  const errors = plain.flatMap((a, at) =>
    plain.slice(at + 1).map(b => {
      const [ofA, ofB] = [runs(a), runs(b)]
      const common = [...ofA].filter(run => ofB.has(run)).length
      return Math.abs(alike(a, b) - common / (ofA.size + ofB.size - common))
    }),
  )
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length
  t.diagnostic(
    `${errors.length} pairs, off by ${mean.toFixed(3)} on average, ${Math.max(...errors).toFixed(3)} at most`,
  )
  assert.ok(errors.length > 300 && mean < 0.03 && Math.max(...errors) < 0.17)
})

test('case, accents, punctuation and width make no difference; an empty text is like no other', () => {
  assert.equal(alike('Ｃａｆé: pay, TODAY!', 'cafe pay today'), 1)
  assert.equal(alike('Tomorrow’s list', "tomorrow's LIST"), 1)
  assert.equal(alike('', '  '), 1)
  assert.ok(alike('', 'Buy oat milk and bread') < 0.2)
  assert.equal(alike('🍎', '🍎'), 1)
  assert.ok(alike('🍎', '🌲') < 0.2)
})

test('a sketch of one person says nothing about the same text of another', t => {
  const across = Array.from({ length: 200 }, (_, person) => {
    const theirs = Buffer.alloc(32)
    theirs.writeUInt32LE(person + 1)
    const text = everyText[person % everyText.length] ?? ''
    return likeness(sketch(text, key), sketch(text, theirs))
  })
  const mean = across.reduce((sum, value) => sum + value, 0) / across.length
  t.diagnostic(
    `same text, other key: ${mean.toFixed(3)} on average, ${Math.max(...across).toFixed(3)} at most`,
  )
  assert.ok(mean < 0.02 && Math.max(...across) < 0.15, 'no more alike than chance')
})

test('without the key a sketch looks random: every value of its halves is about as frequent', () => {
  const counts = new Array<number>(16).fill(0)
  const seen = everyText.map(text => sketch(text, key))
  for (const byte of Buffer.concat(seen)) {
    for (const half of [byte >> 4, byte & 15]) counts[half] = (counts[half] ?? 0) + 1
  }
  const expected = (seen.length * 128) / 16
  const off = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
  // Rewritten pairs share values, so the counts vary about twice as much as independent ones: 15 degrees, p ≈ .001.
  assert.ok(off < 2 * 37.7, `chi-square ${off.toFixed(1)}`)
})

test('a sketch has one size whatever the text, and the text’s own bytes are not in it', () => {
  for (const text of ['', 'a', 'Buy oat milk and bread', 'many words '.repeat(500)]) {
    const made = sketch(text, key)
    assert.equal(made.length, 64)
    for (let at = 0; at + 4 <= text.length && at < 100; at++)
      assert.equal(made.indexOf(text.slice(at, at + 4)), -1)
  }
})

test('who has the key can confirm a guess, which is why a sketch is sealed like text', () => {
  const stolen = sketch('Write a postcard to Sofia', key)
  const guesses = everyText.map(text => ({ text, how: likeness(stolen, sketch(text, key)) }))
  assert.equal(guesses.find(({ how }) => how === 1)?.text, 'Write a postcard to Sofia')
})

test('stored sketches stay comparable: the bytes of one text under one key are these', () => {
  assert.equal(
    sketch('Buy oat milk and bread', key).subarray(0, 16).toString('hex'),
    'd9e30ee01f75344a6f9275380050386d',
  )
})

test('a key of the wrong size and bytes that are no sketch are refused', () => {
  assert.throws(() => sketch('text', Buffer.alloc(16)), /32 bytes/)
  assert.throws(() => likeness(sketch('text', key), Buffer.alloc(8)), /not a sketch/)
})
