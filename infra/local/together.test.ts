import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { together } from './together.ts'

const never = new AbortController().signal

test('a failure is thrown only when every other step was told to stop and has ended', async () => {
  const ended: string[] = []
  const failing = async () => {
    throw new Error('no Python here')
  }
  const starting = async (signal: AbortSignal) => {
    await once(signal, 'abort')
    await new Promise(done => setImmediate(done))
    ended.push('database')
  }
  await assert.rejects(together(never, [starting, failing]), /no Python here/)
  assert.deepEqual(ended, ['database'])
})

test('the first of several failures is the one that is told', async () => {
  const second = async (signal: AbortSignal) => {
    await once(signal, 'abort')
    throw new Error('aborted because of the first')
  }
  const first = async () => {
    throw new Error('the first')
  }
  await assert.rejects(together(never, [second, first]), /^Error: the first$/)
})
