import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
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

test('a log whose disk is full neither stops nor freezes the process', () => {
  const full = openSync('/dev/full', 'w')
  const work = `
    import { setTimeout as later } from 'node:timers/promises'
    import { openLog } from ${JSON.stringify(new URL('./log.ts', import.meta.url).href)}
    const log = openLog('test')
    for (let line = 0; line < 5; line++) {
      log.error('a line')
      await later(20)
    }
    process.stderr.write('alive')
    process.exit(0)`
  const ran = spawnSync(process.execPath, ['--input-type=module', '-e', work], {
    stdio: ['ignore', full, 'pipe'],
    encoding: 'utf8',
    timeout: 10_000,
    killSignal: 'SIGKILL',
  })
  closeSync(full)
  assert.equal(ran.signal, null, 'it had to be killed')
  assert.equal(ran.status, 0)
  assert.equal(ran.stderr, 'alive')
})
