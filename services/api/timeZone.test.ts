import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { until } from '@oo/local'
import { personWithAppointment } from './testCalendar.ts'
import { type Person, startInstance } from './testInstance.ts'
import { type TestTip, tipThat } from './testTips.ts'

// Somebody whose clock becomes known, or another one: what names a time names theirs.
let instance: Awaited<ReturnType<typeof startInstance>>
before(async () => {
  instance = await startInstance()
})
after(() => instance.stop())

const minuteMs = 60_000
const [unknown, kolkata] = ['UTC', 'Asia/Kolkata']

const clockIn = (timeZone: string, at: Date) =>
  new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' }).format(at)

async function saveZone(person: Person, timeZone: string) {
  assert.equal((await person.send('PATCH', '/api/profile', { timeZone })).status, 200)
}

test('a tip about an appointment that stands when the clock becomes known makes room for one that names its time', async () => {
  const at = new Date(Math.ceil(instance.clock.now().getTime() / minuteMs) * minuteMs + 14 * minuteMs)
  const person = await personWithAppointment(instance, 'appointment@example.test', {
    begins: at,
    ends: new Date(at.getTime() + 30 * minuteMs),
  })
  const isPrepare = ({ text }: TestTip) => text.startsWith('Your next appointment begins at')
  const first = await tipThat(person, isPrepare)
  assert.match(first.text, new RegExp(clockIn(unknown, at)))
  instance.clock.advance(1)
  await saveZone(person, kolkata)
  await until('the tip was withdrawn', async () => {
    const { body } = await person.send('POST', '/api/recommend')
    return (body.tip as TestTip | null)?.id !== first.id
  })
  const next = await tipThat(person, isPrepare)
  assert.match(next.text, new RegExp(clockIn(kolkata, at)))
})

test('a task that was read before is due at its time on the clock that is known now', async () => {
  const email = 'floating@example.test'
  const person = await instance.signIn(email)
  const wall = '23:15'
  // Where it is the same day as in UTC now.
  const here = instance.clock.now().getUTCHours() < 12 ? 'Asia/Tokyo' : 'America/New_York'
  await instance.control('POST', `todoist/${email}/tasks`, {
    content: 'Water the ferns',
    due_string: `today at ${wall}`,
  })
  assert.match(await person.visit('/api/integrations/todoist/connect'), /connected=todoist/)
  const isIt = ({ text }: TestTip) => text === 'Water the ferns'
  const first = await tipThat(person, isIt)
  assert.match(first.context ?? '', new RegExp(wall))
  instance.clock.advance(1)
  await saveZone(person, here)
  await until('the tip was withdrawn', async () => {
    const { body } = await person.send('POST', '/api/recommend')
    return (body.tip as TestTip | null)?.id !== first.id
  })
  const next = await tipThat(person, isIt)
  assert.match(next.context ?? '', new RegExp(wall))
  await saveZone(person, here)
  const { body } = await person.send('POST', '/api/recommend')
  assert.equal((body.tip as TestTip).id, next.id, 'the same zone again changes nothing')
})
