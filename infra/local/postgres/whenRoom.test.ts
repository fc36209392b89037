import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { test } from 'node:test'
import { Refusal } from '../refusal.ts'
import { whenRoom } from './whenRoom.ts'

const full = new Refusal('could not write to file "pg_wal/xlogtemp.7": No space left on device')

test('a database that died of a full disk is waited for, said once; what else keeps it away is not', async () => {
  const said: string[] = []
  const stop = new AbortController()
  const waiting = { folder: tmpdir(), say: (line: string) => said.push(line), signal: stop.signal, waitMs: 1 }
  let tries = 0
  const roomAtLast = async () => {
    tries += 1
    if (tries < 4) throw full
    return tries
  }
  assert.equal(await whenRoom(roomAtLast, waiting), 4)
  assert.deepEqual(said, [
    `! no room is left in ${tmpdir()}: make some; the database then comes back by itself`,
  ])
  await assert.rejects(
    whenRoom(() => Promise.reject(new Refusal('its files are damaged')), waiting),
    /damaged/,
  )
  const waited = whenRoom(() => Promise.reject(full), { ...waiting, waitMs: 60_000 })
  stop.abort()
  await assert.rejects(waited, { name: 'AbortError' })
})
