// A process that applies events and can be killed: it writes each tip into public.effects, and kills itself in the
// middle of the one that it is told.
import { closePool, openPool, silentLog, systemClock, systemRandom } from '@oo/kernel'
import { createEvents } from './index.ts'
import { tipOf } from './testLog.ts'

const [url = '', killAt = ''] = process.argv.slice(2)
const db = openPool(url, { log: silentLog, name: 'child' })
const ctx = {
  db,
  clock: systemClock,
  random: systemRandom,
  log: silentLog,
  jobs: { enqueue: async () => {}, enqueueAll: async () => {} },
}
const events = createEvents(ctx)
events.door.subscribe({
  name: 'child',
  subjects: ['signals.tip.shown'],
  async handle(tx, event) {
    await tx.$client.query('INSERT INTO public.effects (tip) VALUES ($1)', [tipOf(event)])
    if (tipOf(event) === killAt) process.kill(process.pid, 'SIGKILL')
  },
})
await events.drain()
await closePool(db)
