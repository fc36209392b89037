import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createClient } from '@oo/sdk-js'
import { follow, lookAt, read } from './reading.ts'

const at = '2026-01-02T03:04:05.000Z'
const up = { name: 'database', status: 'ok', ms: 0.4 } as const
const slow = { name: 'todoist', status: 'degraded', ms: 3, message: 'Todoist is away; wait for it.' } as const
const dead = { name: 'ml', status: 'down', ms: 2000, message: 'it did not answer within 2 s' } as const

const answering = (status: number, body: object) =>
  createClient({
    baseUrl: 'http://oo.invalid/api',
    fetch: async () => Response.json(body, { status }),
  })
const problem = (status: number, code: string) =>
  answering(status, { type: 'x', title: 'A sentence.', status, code, requestId: 'r' })

test('all parts up is one calm sentence with nothing to do', () => {
  const health = { status: 'ok', version: '1', parts: [up] } as const
  assert.deepEqual(read({ at, health: { ...health, parts: [up] } }), {
    state: 'ok',
    sentence: 'Everything is up.',
    todo: [],
  })
})

test('parts that are not up are named and counted, each with what to do', () => {
  const reading = read({ at, health: { status: 'degraded', version: '1', parts: [up, slow, dead] } })
  assert.equal(reading.sentence, '2 parts need you: todoist, ml.')
  assert.deepEqual(reading.todo, [
    { name: 'todoist', sentence: 'Todoist is away; wait for it.' },
    { name: 'ml', sentence: 'it did not answer within 2 s. Start it again, or read its log.' },
  ])
  const one = read({ at, health: { status: 'degraded', version: '1', parts: [up, slow] } })
  assert.equal(one.sentence, '1 part needs you: todoist.')
})

test('an api that is away is a state, and the parts seen last stay in sight', async () => {
  const answered = { at, health: { status: 'ok' as const, version: '1', parts: [up] } }
  const look = await lookAt(problem(503, 'api_away'))
  assert(!('refused' in look))
  assert.equal(read(look).state, 'away')
  assert.equal(read(look).sentence, 'The api does not answer.')
  assert.deepEqual(follow(follow(null, answered), look), { look, answered })
})

test('an api that answers with a problem is heard in its own words', async () => {
  const look = await lookAt(problem(503, 'database_away'))
  assert(!('refused' in look))
  assert.equal(read(look).sentence, 'The api cannot tell.')
  assert.deepEqual(read(look).todo, [{ name: 'api', sentence: 'A sentence.' }])
})

test('whoever is not signed in, or is no admin, is told apart from an outage', async () => {
  for (const status of [401, 403]) {
    const look = await lookAt(problem(status, 'x'))
    assert.equal('refused' in look && look.refused, status)
  }
})

test('an answer becomes the newest that was answered', async () => {
  const health = { status: 'ok', version: '1', parts: [up] }
  const look = await lookAt(answering(200, health))
  assert.deepEqual('health' in look && look.health, health)
  assert.equal(follow(null, look).answered, look)
})
