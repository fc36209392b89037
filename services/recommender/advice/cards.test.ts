import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { likeness, nearlySame, sketch } from '../likeness.ts'
import { themes } from './card.ts'
import { cards } from './cards.ts'
import { studies } from './studies.ts'

test('there are enough cards, of every theme, with ids that are theirs alone', () => {
  assert.ok(cards.length >= 120)
  for (const theme of themes) {
    const count = cards.filter(card => card.theme === theme).length
    assert.ok(count >= 15, `${theme} has ${count}`)
  }
  const ids = cards.map(({ id }) => id)
  assert.equal(new Set(ids).size, ids.length)
  for (const { id, theme } of cards) assert.match(id, new RegExp(`^${theme}(-[a-z]+)+$`))
  assert.ok(ids.every(id => id.length <= 40))
})

test('every study is well formed, used, and none is cited twice under two names', () => {
  const used = new Set<string>(cards.flatMap(({ evidence }) => evidence ?? []))
  const known = Object.entries(studies)
  for (const [id, { authors, year, title, where, found }] of known) {
    assert.ok(used.has(id), `${id} is not used`)
    for (const author of authors.split('; '))
      assert.match(author, /^[\p{L}’ -]+, (\p{Lu}\.[ -]?)+$/u, `${id}: ${author}`)
    const family = authors.split(/[, ]/)[0]?.toLowerCase() ?? ''
    assert.equal(id, `${family}${year}`)
    assert.ok(year >= 1950 && year <= 2026, id)
    assert.ok(title.length > 15 && !/[.]$/.test(title), id)
    assert.match(
      where,
      /^[\p{L}0-9 :,()–.]+ \d+(\(\w+\))?, (\w?\d+–\w?\d+|e\d+)$|^Proceedings of .+, \d+–\d+$/u,
      `${id}: ${where}`,
    )
    assert.match(found, /^[\p{Lu}A].{30,140}[.]$/u, `${id}: found has ${found.length} characters`)
  }
  assert.equal(new Set(known.map(([, { title }]) => title)).size, known.length)
})

test('no two cards say nearly the same', t => {
  const key = Buffer.alloc(32, 1)
  const sketches = cards.map(({ text }) => sketch(text, key))
  let nearest = { likeness: 0, pair: '' }
  sketches.forEach((a, at) => {
    sketches.slice(at + 1).forEach((b, after) => {
      const pair = `${cards[at]?.id} and ${cards[at + 1 + after]?.id}`
      const how = likeness(a, b)
      assert.ok(how < nearlySame - 0.1, `${pair}: ${how.toFixed(2)}`)
      if (how > nearest.likeness) nearest = { likeness: how, pair }
    })
  })
  t.diagnostic(`the nearest two: ${nearest.pair}, ${nearest.likeness.toFixed(2)}`)
})

test('an effort is an honest small number, and conditions are ones that can be read', () => {
  for (const { id, effortMin, when } of cards) {
    assert.ok([1, 2, 3, 5, 10, 15, 20, 30].includes(effortMin), id)
    if (!when) continue
    const { hours, weekdays, openTasks, overdue, dueToday, freeMin } = when
    assert.ok(Object.keys(when).length > 0, id)
    if (hours)
      assert.ok(
        hours[0] >= 0 && hours[0] <= 23 && hours[1] >= 1 && hours[1] <= 24 && hours[0] !== hours[1],
        id,
      )
    if (weekdays) assert.ok(weekdays.length > 0 && new Set(weekdays).size === weekdays.length, id)
    for (const { atLeast = 0, atMost = Number.POSITIVE_INFINITY } of [
      openTasks,
      overdue,
      dueToday,
      freeMin,
    ].filter(range => range !== undefined))
      assert.ok(atLeast >= 0 && atLeast <= atMost && (atLeast > 0 || atMost < Number.POSITIVE_INFINITY), id)
  }
})

test('the page about the library has its true counts', () => {
  const page = readFileSync(new URL('../../../docs/architecture/advice-library.md', import.meta.url), 'utf8')
  for (const theme of themes) {
    const mine = cards.filter(card => card.theme === theme)
    const row = new RegExp(
      `^\\| ${theme} \\|.*\\| ${mine.length} \\| ${mine.filter(card => card.evidence).length} \\|$`,
      'm',
    )
    assert.match(
      page,
      row,
      `${theme}: ${mine.length} cards, ${mine.filter(card => card.evidence).length} with a study`,
    )
  }
  const total = `| all | | ${cards.length} | ${cards.filter(card => card.evidence).length} |`
  assert.ok(page.includes(total), total)
  assert.ok(page.includes(`${Object.keys(studies).length} studies`), `${Object.keys(studies).length} studies`)
})
