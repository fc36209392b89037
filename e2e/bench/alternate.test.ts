import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alternate } from './alternate.ts'

test('everyone warms up first, then the contenders take turns, and only turns count', async () => {
  const ran: string[] = []
  const contender = (name: string) => async (seconds: number) => ran.push(`${name}${seconds}`)
  const plan = { seconds: 10, warmUpSeconds: 2, rounds: 3 }
  const laps = await alternate([contender('a'), contender('b')], plan)
  assert.deepEqual(ran, ['a2', 'b2', 'a10', 'b10', 'a10', 'b10', 'a10', 'b10'])
  assert.deepEqual(laps, [
    [3, 5, 7],
    [4, 6, 8],
  ])
})

test('a contender that fails ends the run', async () => {
  const broken = () => Promise.reject(new Error('no answer'))
  await assert.rejects(alternate([broken], { seconds: 1, warmUpSeconds: 1, rounds: 1 }), /no answer/)
})
