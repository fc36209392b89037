import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { portable } from './portable.ts'
import { openTestLog } from './testLog.ts'

const house = await openTestLog()
after(() => house.close())

const travelling = (table: string) => {
  const { columns, from } = portable[table] ?? assert.fail(`${table} does not travel`)
  return house.rows<{ id: string; place: number }>(
    `SELECT t.${table === 'events.held' ? 'event_id' : 'subscriber'} AS id, ${columns.seq} AS place FROM ${from} ORDER BY 2, 1`,
  )
}

test('a place travels as the count of what lies before it, also of what the log no longer has', async () => {
  const { door } = house.open()
  for (const tip of ['a', 'b', 'c', 'd']) await house.show(door, tip)
  const ids = (await house.rows<{ id: string }>('SELECT id FROM events.log ORDER BY xid, seq')).map(
    row => row.id,
  )
  await house.rows(`INSERT INTO events.held (subscriber, event_id, at, xid, seq, tries)
    SELECT name, id, at, xid, seq, 0 FROM events.log, (VALUES ('one'), ('two')) names (name)
     WHERE (name, id) <> ('two', '${ids[0]}')`)
  await house.rows('DELETE FROM events.log WHERE id = $1', [ids[1]])
  await house.rows(`INSERT INTO events.places (subscriber, xid, seq)
    VALUES ('begins', '0', 0), ('goes on', '${Number.MAX_SAFE_INTEGER}', 0)`)
  await house.rows(
    `INSERT INTO events.places (subscriber, xid, seq) SELECT 'stands', xid, seq FROM events.log WHERE id = $1`,
    [ids[2]],
  )
  const held = await travelling('events.held')
  const places = ids.map(id => held.filter(row => row.id === id).map(({ place }) => place))
  assert.deepEqual(places, [[1], [1, 1], [2, 2], [3, 3]])
  assert.deepEqual(await travelling('events.places'), [
    { id: 'begins', place: 0 },
    { id: 'stands', place: 2 },
    { id: 'goes on', place: 3 },
  ])
})
