import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openLog } from './log.ts'

test('secrets and a person’s words never reach the log, however they are nested', () => {
  let written = ''
  const log = openLog('test', {
    destination: {
      write: line => {
        written += line
      },
    },
  })
  log.info(
    {
      token: 'CANARY-1',
      headers: { cookie: 'CANARY-2' },
      task: { detail: { text: 'CANARY-3' } },
      kept: 'yes',
    },
    'hello',
  )
  assert.match(written, /"kept":"yes"/)
  assert.doesNotMatch(written, /CANARY/)
})
