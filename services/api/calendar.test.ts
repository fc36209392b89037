import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { freePort, until } from '@oo/local'
import { demoGoogleApp } from '@oo/sandbox'
import { personWithAppointment } from './testCalendar.ts'
import { type Person, startInstance } from './testInstance.ts'
import { type TestTip, tipThat } from './testTips.ts'

// A connected calendar, seen from outside: what it makes of a moment is scored, logged and shown, without a word of it.
let instance: Awaited<ReturnType<typeof startInstance>>
before(async () => {
  const port = await freePort()
  const sandboxPort = await freePort()
  const google = { ...demoGoogleApp, baseUrl: `http://127.0.0.1:${sandboxPort}/google`, lookEveryMs: 600_000 }
  instance = await startInstance({
    sandboxPort,
    settings: { port, googleCalendar: { ...google, reachedAt: `http://127.0.0.1:${port}` } },
  })
})
after(() => instance.stop())

const minuteMs = 60_000

interface Decision {
  candidates: string[]
  ineligible: { id: string; reason: string; count?: number }[]
}

/** What stands now, or is decided now if nothing does. */
async function decision(person: Person): Promise<Decision> {
  const { body } = await person.send('POST', '/api/recommend')
  const found = await instance.query(
    'SELECT candidates, ineligible FROM recommender.decisions WHERE id = $1',
    [body.decisionId],
  )
  return found.rows[0] as unknown as Decision
}

async function nextDecision(person: Person): Promise<Decision> {
  const { body } = await person.send('POST', '/api/recommend')
  if (body.tip)
    await person.send('POST', '/api/feedback', {
      tipId: (body.tip as TestTip).id,
      reaction: 'already_done',
    })
  return decision(person)
}

const busyPerson = (email: string, begins: number, ends: number): Promise<Person> => {
  const inMinutes = (minutes: number) => new Date(instance.clock.now().getTime() + minutes * minuteMs)
  return personWithAppointment(instance, email, { begins: inMinutes(begins), ends: inMinutes(ends) })
}

test('before an appointment its preparation is among what is scored, and goes with the consent', async () => {
  const person = await busyPerson('soon@example.test', 15, 45)
  assert.ok((await decision(person)).candidates.includes('calendar:prepare'))
  const consent = { purpose: 'calendar', version: '2026-11-22', granted: false }
  assert.equal((await person.send('PUT', '/api/profile/consents', consent)).status, 200)
  const without = await nextDecision(person)
  assert.ok(!without.candidates.some(id => id.startsWith('calendar:')))
  assert.ok(without.ineligible.some(({ id, reason }) => id === 'calendar' && reason === 'no_consent'))
})

test('a tip about an appointment ends with its moment, and what was never wanted does not come again', async () => {
  const person = await busyPerson('never@example.test', 15, 45)
  const tip = await tipThat(person, ({ source }) => source.provider === 'calendar')
  assert.match(tip.text, /^Your next appointment begins at \d\d:\d\d\./)
  const { body } = await person.send('POST', '/api/recommend')
  const { id, expiresAt } = body.tip as TestTip & { expiresAt: string }
  assert.equal(id, tip.id)
  const left = Date.parse(expiresAt) - instance.clock.now().getTime()
  assert.ok(left > 0 && left <= 15 * minuteMs)
  const { status } = await person.send('POST', '/api/feedback', { tipId: tip.id, reaction: 'never' })
  assert.equal(status, 200)
  const next = await nextDecision(person)
  assert.ok(!next.candidates.includes('calendar:prepare'))
  assert.ok(next.ineligible.some(({ id, reason }) => id === 'calendar:prepare' && reason === 'never'))
})

test('an undo brings a tip about an appointment back for as long as its moment lasts, and no longer', async () => {
  const person = await busyPerson('undone@example.test', 15, 45)
  const expiryOf = async () => {
    const { body } = await person.send('POST', '/api/recommend')
    const tip = body.tip as (TestTip & { expiresAt: string }) | null
    return tip?.source.provider === 'calendar' ? { id: tip.id, text: tip.text, at: tip.expiresAt } : null
  }
  const { id: tipId } = await tipThat(person, ({ source }) => source.provider === 'calendar')
  const before = await expiryOf()
  const { body } = await person.send('POST', '/api/feedback', { tipId, reaction: 'dismiss' })
  assert.equal((await person.send('DELETE', `/api/feedback/${body.id}`)).status, 204)
  assert.deepEqual(await expiryOf(), before)
  const again = await person.send('POST', '/api/feedback', { tipId, reaction: 'dismiss' })
  const { reactions } = (await person.get('/api/feedback')).body as {
    reactions: { tipId: string; text?: string }[]
  }
  assert.equal(
    reactions.find(reaction => reaction.tipId === tipId)?.text,
    before?.text,
    'what was reacted to is named as it was shown',
  )
  instance.clock.advance(16 * minuteMs)
  assert.equal((await person.send('DELETE', `/api/feedback/${again.body.id}`)).status, 204)
  assert.equal(await expiryOf(), null)
})

test('with the calendar goes what a tip knew of the time of an appointment, and an undo does not bring it back', async () => {
  const person = await busyPerson('gone@example.test', 15, 45)
  const { id: tipId } = await tipThat(person, ({ source }) => source.provider === 'calendar')
  const { body } = await person.send('POST', '/api/feedback', { tipId, reaction: 'dismiss' })
  instance.clock.advance(1_000)
  assert.equal((await person.send('DELETE', '/api/integrations/google-calendar')).status, 204)
  await until('its time is gone', async () => {
    const { rows } = await instance.query(
      'SELECT FROM recommender.tips WHERE id = $1 AND expires_at = created_at',
      [tipId],
    )
    return rows.length === 1
  })
  const { reactions } = (await person.get('/api/feedback')).body as {
    reactions: { tipId: string; text?: string }[]
  }
  assert.match(
    reactions.find(reaction => reaction.tipId === tipId)?.text ?? '',
    /^Your next appointment begins at its time\./,
  )
  assert.equal((await person.send('DELETE', `/api/feedback/${body.id}`)).status, 204)
  const after = (await person.send('POST', '/api/recommend')).body
  assert.notEqual((after.tip as TestTip | null)?.id, tipId)
})

test('an appointment that is moved a little takes its tip along as soon as Google tells of it', async () => {
  const email = 'moved@example.test'
  const person = await busyPerson(email, 15, 45)
  const tip = await tipThat(person, ({ source }) => source.provider === 'calendar')
  const { channels } = (await instance.control('GET', 'google/webhooks')) as { channels: { email: string }[] }
  assert.ok(channels.some(channel => channel.email === email))
  const { events } = (await instance.control('GET', `google/${email}/events`)) as {
    events: { id: string; status: string }[]
  }
  const { id } = events.find(({ status }) => status !== 'cancelled') ?? assert.fail('there is one')
  const over = instance.clock.now().getTime() % minuteMs
  const begins = new Date(instance.clock.now().getTime() - over + 18 * minuteMs)
  const ends = new Date(begins.getTime() + 30 * minuteMs)
  await instance.control('POST', `google/${email}/events/${id}/move`, {
    start: { dateTime: begins.toISOString() },
    end: { dateTime: ends.toISOString() },
  })
  await until('the move was told and read', async () => {
    // A look has a moment of quiet behind it.
    instance.clock.advance(100)
    const { rows } = await instance.query(
      'SELECT starts_at FROM integrations.busy_times WHERE starts_at = $1',
      [begins],
    )
    return rows.length === 1
  })
  const { body } = await person.send('POST', '/api/recommend')
  assert.notEqual((body.tip as TestTip | null)?.id, tip.id)
})
