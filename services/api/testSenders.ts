// For tests: scripts of people's own, as the edge, the module and the database meet them.
import assert from 'node:assert/strict'
import { createHmac, randomUUID } from 'node:crypto'
import type { Person, startInstance } from './testInstance.ts'

type Instance = Awaited<ReturnType<typeof startInstance>>

export interface Source {
  id: string
  secret: string
}
interface Wishes {
  body?: string
  delivery?: string
  sentAt?: Date
  headers?: Record<string, string>
}

export function sendersOf(instance: () => Instance) {
  const minutes = (count: number) => new Date(instance().clock.now().getTime() + count * 60_000)
  const mood = (value: unknown, more: object = {}) =>
    JSON.stringify({ signals: [{ type: 'mood', value, ...more }] })

  /** What a sender sends: signed by hand here, so that the sdk is not its own proof. */
  function delivery({ secret }: Pick<Source, 'secret'>, wishes: Wishes = {}) {
    const { body = mood(0.5), delivery: id = randomUUID(), sentAt = instance().clock.now() } = wishes
    const timestamp = String(Math.floor(sentAt.getTime() / 1_000))
    const signature = createHmac('sha256', secret).update(`${timestamp}.${id}.${body}`).digest('hex')
    const headers = {
      'content-type': 'application/json',
      'oo-timestamp': timestamp,
      'oo-delivery': id,
      'oo-signature': `v1=${signature}`,
      ...wishes.headers,
    }
    return { headers, body }
  }

  async function post(id: string, { headers, body }: ReturnType<typeof delivery>) {
    const answer = await instance().api.app.inject({
      method: 'POST',
      url: `/api/ingress/${id}`,
      headers,
      payload: body,
    })
    return { status: answer.statusCode, body: answer.json(), headers: answer.headers }
  }
  const send = (source: Source, wishes?: Wishes) => post(source.id, delivery(source, wishes))

  let people = 0
  async function someone(...consents: string[]): Promise<Person> {
    const person = await instance().signIn(`script${++people}@example.test`)
    for (const purpose of consents) await answer(person, purpose, true)
    return person
  }

  async function answer(person: Person, purpose: string, granted: boolean) {
    const { body } = await person.get('/api/profile/consents')
    const { senses } = body as { senses: { purpose: string; version: string }[] }
    const version = senses.find(sense => sense.purpose === purpose)?.version
    const put = await person.send('PUT', '/api/profile/consents', { purpose, version, granted })
    assert.equal(put.status, 200)
  }

  async function create(person: Person, types = ['mood', 'sleep'], name = 'Watch'): Promise<Source> {
    const { status, body } = await person.send('POST', '/api/integrations/ingress', { name, types })
    assert.equal(status, 201, JSON.stringify(body))
    const { source, secret } = body as { source: { id: string }; secret: string }
    return { id: source.id, secret }
  }

  async function made() {
    const person = await someone('mood', 'sleep')
    return { person, source: await create(person) }
  }

  const rows = async (table: string, { id }: Source) => {
    const where = table === 'signals' ? "source = 'ingress:' || $1" : 'source_id = $1'
    return (await instance().query(`SELECT * FROM integrations.${table} WHERE ${where}`, [id])).rows
  }
  const kept = async (source: Source, type = 'mood') =>
    (await rows('signals', source)).find(row => row.type === type)?.value

  const listed = async (person: Person) =>
    (await person.get('/api/integrations/ingress')).body.sources as Record<string, unknown>[]
  const deliveriesOf = async (person: Person, { id }: Source) =>
    (await person.get(`/api/integrations/ingress/${id}/deliveries`)).body.deliveries as Record<
      string,
      unknown
    >[]
  return {
    minutes,
    mood,
    delivery,
    post,
    send,
    someone,
    answer,
    create,
    made,
    rows,
    kept,
    listed,
    deliveriesOf,
  }
}
