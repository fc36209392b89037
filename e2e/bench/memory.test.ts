import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { readMemory } from './memory.ts'

test('memory is that of a process with its descendants, each counted for the nearest that has a name', async t => {
  if (process.platform !== 'linux') return assert.throws(() => readMemory({ own: process.pid }))
  const child = spawn(process.execPath, ['-e', "process.stdout.write('up'); setInterval(() => {}, 1e6)"])
  t.after(() => child.kill())
  await once(child.stdout, 'data')
  const { own = 0 } = readMemory({ own: process.pid })
  const apart = readMemory({ own: process.pid, child: child.pid ?? 0 })
  assert.ok((apart.own ?? 0) > 5 && (apart.child ?? 0) > 5, JSON.stringify(apart))
  assert.ok(own > (apart.own ?? 0) + 5, 'the child counts for its parent')
})
