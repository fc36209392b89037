// Somebody whose connected calendar has one appointment, and was read.
import assert from 'node:assert/strict'
import { until } from '@oo/local'
import type { Person, startInstance } from './testInstance.ts'

type Instance = Awaited<ReturnType<typeof startInstance>>

export async function personWithAppointment(
  instance: Instance,
  email: string,
  { begins, ends }: { begins: Date; ends: Date },
): Promise<Person> {
  const person = await instance.signIn(email)
  const { events } = (await instance.control('GET', `google/${email}/events`)) as {
    events: { id: string; status: string; recurringEventId?: string }[]
  }
  for (const { id, status, recurringEventId } of events)
    if (status !== 'cancelled' && !recurringEventId)
      await instance.control('POST', `google/${email}/events/${id}/delete`, {})
  await instance.control('POST', `google/${email}/events`, {
    summary: 'Marzipanoperation',
    start: { dateTime: begins.toISOString() },
    end: { dateTime: ends.toISOString() },
  })
  assert.match(await person.visit('/api/integrations/google-calendar/connect'), /connected=google-calendar/)
  const { body } = await person.get('/api/auth/session')
  await until('the calendar was read', async () => {
    const { rows } = await instance.query('SELECT FROM integrations.calendars WHERE person_id = $1', [
      body.personId,
    ])
    return rows.length > 0
  })
  return person
}
