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

test('an error is logged with its code and its causes, never with the values of its query', () => {
  let written = ''
  const destination = {
    write(line: string) {
      written += line
    },
  }
  const cause = Object.assign(new Error('duplicate key'), { code: '23505', detail: 'Key (name)=(CANARY-4)' })
  const error = new Error('Failed query: insert into t values ($1)\nparams: CANARY-5', { cause })
  openLog('api', { destination }).error({ err: error }, 'a request failed')
  assert.match(written, /"code":"23505"/)
  assert.match(written, /"process":"api"/)
  assert.doesNotMatch(written, /CANARY/)
})
