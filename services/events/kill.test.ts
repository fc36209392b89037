import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { transaction } from '@oo/kernel'
import pg from 'pg'
import { openTestLog, shown } from './testLog.ts'

const house = await openTestLog()
after(() => house.close())

async function run(killAt = ''): Promise<string | null> {
  const script = join(import.meta.dirname, 'testChild.ts')
  const child = spawn(process.execPath, [script, house.database.url('oo_api'), killAt], { stdio: 'inherit' })
  const [, signal] = await once(child, 'exit')
  return signal
}

test('a process killed between an effect and its place has the effect once', async () => {
  const owner = new pg.Client({ connectionString: house.database.superUrl })
  await owner.connect()
  await owner.query(
    'CREATE TABLE public.effects (n bigint GENERATED ALWAYS AS IDENTITY, tip text); GRANT ALL ON public.effects TO oo_api',
  )
  await owner.end()
  assert.equal(await run(), null)
  const { door } = house.open()
  const tips = Array.from({ length: 1_200 }, (_, i) => String(i))
  const person = house.person()
  await transaction(house.db, async tx => {
    for (const tip of tips) await door.append(tx, person, shown(tip))
  })
  for (const killAt of ['3', '700']) assert.equal(await run(killAt), 'SIGKILL')
  assert.equal(await run(), null)
  const effects = await house.rows<{ tip: string }>('SELECT tip FROM public.effects ORDER BY n')
  assert.deepEqual(
    effects.map(row => row.tip),
    tips,
  )
})
