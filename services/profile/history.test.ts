import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openHouse } from './testHouse.ts'

const house = await openHouse()
after(() => house.stop())

test('an answer once given is history: the process that serves may not change it', async () => {
  await assert.rejects(house.rows('UPDATE profile.consents SET granted = true'), /permission denied/)
})
