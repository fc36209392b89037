import assert from 'node:assert/strict'
import { hkdfSync } from 'node:crypto'
import { test } from 'node:test'
import type { Sealer } from '@oo/auth'
import { open, seal, systemRandom } from '@oo/kernel'
import { openSketch, refusals, refusedOf, sealSketch } from './refused.ts'
import { openSketches } from './sketches.ts'
import type { ItemRow } from './store/items.ts'

const now = new Date('2026-03-31T12:00:00Z')
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000)

const sealerOf = (secret: number): Sealer => {
  const key = Buffer.alloc(32, secret)
  return {
    seal: (text, place) => seal(key, Buffer.from(text), place),
    open: (sealed, place) => open(key, sealed, place).toString(),
    keyFor: purpose => Buffer.from(hkdfSync('sha256', key, '', purpose, 32)),
  }
}
const sealer = sealerOf(7)

function refusedItem(externalId: string, text: string, reason: string, days: number): ItemRow {
  const key = { source: 'todoist', externalId }
  return {
    ...{ ...key, personId: 'ada', timesShown: 1, lastShownAt: null, recent: 1, restUntil: now },
    ...{ restReason: reason, refusedAt: daysAgo(days), sketch: sealSketch(sealer, 'ada', key, { text }) },
  }
}

const likenessAfter = async (items: ItemRow[], text: string, at = now) => {
  const ctx = { auth: { sealer: async () => sealer }, sketches: openSketches(systemRandom) }
  return (await refusals(ctx, 'ada', { refused: refusedOf(items, sealer), now: at }))({ text })
}

test('never holds for what is worded nearly the same, for good, and for nothing else', async () => {
  const items = [refusedItem('1', 'Call the plumber about the kitchen tap', 'never', 900)]
  assert.equal((await likenessAfter(items, 'Call plumber about kitchen tap!')).isNever, true)
  assert.equal((await likenessAfter(items, 'Call the bank about the new card')).isNever, false)
  assert.equal((await likenessAfter(items, 'Water the plants')).isNever, false)
})

test('what was dismissed in the last 30 days is told by how alike it is, and keeps nothing away', async () => {
  const items = [
    refusedItem('1', 'Sort the photos of the summer', 'dismiss', 29),
    refusedItem('2', 'Renew the passport', 'dismiss', 31),
  ]
  const same = await likenessAfter(items, 'sort the photos of the summer.')
  assert.deepEqual(same, { isNever: false, toDismissed: 1 })
  assert.ok(((await likenessAfter(items, 'Renew the passport')).toDismissed ?? 1) < 0.2)
  const later = await likenessAfter(items, 'Sort the photos of the summer', new Date(daysAgo(-2)))
  assert.deepEqual(later, { isNever: false, toDismissed: null })
})

test('who refused nothing costs no sketch', async () => {
  const ctx = {
    auth: { sealer: () => assert.fail('a key was asked for') },
    sketches: { own: () => assert.fail('sketched'), passing: () => assert.fail('sketched') },
  }
  const alike = (await refusals(ctx, 'ada', { refused: [], now }))({ text: 'Anything' })
  assert.deepEqual(alike, { isNever: false, toDismissed: null })
})

test('a sketch opens only in its place and with its person’s key, and is bounded in number', async () => {
  const item = refusedItem('1', 'Renew the passport', 'never', 0)
  const sketch = item.sketch ?? assert.fail()
  assert.equal(openSketch(sealer, item, sketch).length, 64)
  assert.throws(() => openSketch(sealer, { ...item, externalId: '2' }, sketch))
  assert.throws(() => openSketch(sealer, { ...item, personId: 'bo' }, sketch))
  assert.throws(() => openSketch(sealerOf(8), item, sketch))
  const many = Array.from({ length: 300 }, (_, at) =>
    refusedItem(String(at), `Matter ${at}`, 'dismiss', at / 20),
  )
  const kept = refusedOf([...many, refusedItem('never', 'Matter of old', 'never', 800)], sealer)
  assert.equal(kept.length, 200)
  assert.ok(kept[0]?.forGood, 'never goes first')
})
