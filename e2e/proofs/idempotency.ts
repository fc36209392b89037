// R9: a request with an Idempotency-Key has one effect and one answer, byte for byte: sent fifty times at once, sent
// again after its effect was undone, and sent again after the api was killed in the middle of it.
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import type { Person } from '../bench/people.ts'
import { percentile } from '../bench/statistics.ts'
import { type Asked, type Came, sendOnce, withKey } from './keyed.ts'
import { compare, find, type Ledger } from './ledger.ts'
import type { Proof, ProofHouse, ProofRow } from './proof.ts'
import { openReactingHouse, type ReactingHouse } from './reactingHouse.ts'

const atOnce = 50
const inFlight = 20
const killWithinMs = 60
const againAfterMs = 25
const mostTries = 400
const mostNotes = 5

/** A person may react 240 times a minute, and every try counts. */
const counts = {
  short: { people: 10, rounds: 10, kills: 2 },
  full: { people: 200, rounds: 500, kills: 200 },
}

interface Checked {
  ledger: Ledger
  /** Requests that were answered in more than one way. */
  unlike: string[]
  backMs: number[]
  /** Requests that a kill left without an answer. */
  hit: number
}

async function idempotency(house: ProofHouse): Promise<ProofRow[]> {
  const { people, rounds, kills } = house.full ? counts.full : counts.short
  const reacting = await openReactingHouse(house, { people })
  const url = reacting.instance.apiUrl
  const parallel = await inParallel(house, reacting, { url, rounds })
  const killed = await underKills(house, reacting, kills)
  const without = await gatewayWithoutStore(house, url)
  const blind = await inParallel(house, reacting, { url: without, rounds: 2 })
  const found = await verdict(reacting, blind)
  const control = found.doubled > 0 && blind.unlike.length > 0 ? 'caught' : 'missed'
  const row = async (what: string, done: number, unit: string, checked: Checked, note: string) => {
    const { lost, doubled, examples } = await verdict(reacting, checked)
    const notes = [
      `${checked.ledger.size} reactions; ${note}`,
      ...checked.unlike.slice(0, mostNotes),
      ...examples,
    ]
    return {
      id: 'R9',
      what,
      done,
      of: done,
      unit,
      lost,
      doubled: doubled + checked.unlike.length,
      control,
      notes,
    } as const
  }
  return [
    await row(
      `${atOnce} at once, then again after an undo`,
      rounds,
      'rounds',
      parallel,
      'all answers of a round were the same bytes',
    ),
    await row(
      'kill -9 of the api in the middle',
      kills,
      'kills',
      killed,
      `${killed.hit} were cut off; all ${inFlight} of a kill were answered, after the api was back, in p50 ${Math.round(percentile(killed.backMs, 0.5))} ms, p99 ${Math.round(percentile(killed.backMs, 0.99))} ms`,
    ),
  ]
}

const verdict = ({ asOwner }: ReactingHouse, { ledger }: Checked) =>
  asOwner(async owner => compare(ledger, await find(owner, ledger)))

/** Takes tips out of the house one by one, each for the next person in turn. */
async function tips(reacting: ReactingHouse, count: number) {
  const each = Math.ceil(count / reacting.people.length)
  const stock = await reacting.openTips(each)
  return stock.slice(0, count)
}

const undoAs = ({ headers }: Person, reactionId: string): Asked => {
  const { 'content-type': _, ...bare } = headers
  return { method: 'DELETE', path: `/api/feedback/${reactionId}`, headers: bare }
}

async function inParallel(
  { signal, say }: ProofHouse,
  reacting: ReactingHouse,
  { url, rounds }: { url: string; rounds: number },
): Promise<Checked> {
  const checked: Checked = { ledger: new Map(), unlike: [], backMs: [], hit: 0 }
  for (const [round, task] of (await tips(reacting, rounds)).entries()) {
    signal.throwIfAborted()
    const asked = withKey(task.ask, randomUUID())
    const came = await Promise.all(Array.from({ length: atOnce }, () => sendOnce(url, asked)))
    const first = came.find(answer => answer?.status === 200)
    if (!first) throw new Error(`Nobody was answered: ${came[0]?.bytes ?? 'no answer'}`)
    checked.ledger.set(task.tipId, { reactionId: first.id, reaction: task.reaction })
    await sendOnce(url, withKey(undoAs(task.person, first.id), randomUUID()))
    const late = await sendOnce(url, asked)
    noteUnlike(checked, first, [...came, late])
    if ((round + 1) % 50 === 0) say(`${round + 1} of ${rounds} rounds`)
  }
  return checked
}

function noteUnlike({ unlike }: Checked, first: Came, others: (Came | undefined)[]): void {
  const other = others.find(answer => answer?.bytes !== first.bytes)
  if (others.some(answer => answer?.bytes !== first.bytes))
    unlike.push(`${first.bytes} was also answered with ${other?.bytes ?? 'nothing'}`)
}

async function underKills(
  { signal, say }: ProofHouse,
  reacting: ReactingHouse,
  kills: number,
): Promise<Checked> {
  const { api, apiUrl } = reacting.instance
  const checked: Checked = { ledger: new Map(), unlike: [], backMs: [], hit: 0 }
  let earlier: { ask: Asked; first: Came }[] = []
  const stock = await tips(reacting, kills * inFlight)
  for (let kill = 0; kill < kills; kill++) {
    signal.throwIfAborted()
    const asked = stock
      .slice(kill * inFlight, (kill + 1) * inFlight)
      .map(task => ({ ...task, ask: withKey(task.ask, randomUUID()) }))
    // The first half is under way for long enough to be answered, the others are hit at any point.
    const before = asked.map(async ({ ask }, at) => {
      await delay((at / inFlight) * killWithinMs)
      return sendOnce(apiUrl, ask)
    })
    await delay(Math.random() * killWithinMs)
    await api.kill()
    const answered = await Promise.all(before)
    checked.hit += answered.filter(came => came?.status !== 200).length
    await api.start()
    const from = performance.now()
    const now = await Promise.all(
      asked.map(async ({ ask, tipId, reaction }, at) => {
        const again = await untilAnswered(apiUrl, ask, signal)
        checked.ledger.set(tipId, { reactionId: again.id, reaction })
        const first = answered[at]
        if (first?.status === 200) noteUnlike(checked, first, [again])
        return { ask, first: first?.status === 200 ? first : again }
      }),
    )
    checked.backMs.push(performance.now() - from)
    // Those of the kill before were answered by a process that is gone, and stay as they were.
    for (const { ask, first } of earlier)
      noteUnlike(checked, first, [await untilAnswered(apiUrl, ask, signal)])
    earlier = now
    if ((kill + 1) % 20 === 0) say(`${kill + 1} of ${kills} kills`)
  }
  return checked
}

async function untilAnswered(url: string, ask: Asked, signal: AbortSignal): Promise<Came> {
  for (let tries = 0; tries < mostTries; tries++) {
    const came = await sendOnce(url, ask)
    if (came?.status === 200) return came
    if (came && came.status < 500 && came.status !== 409 && came.status !== 429)
      throw new Error(`A retry was answered ${came.bytes}`)
    await delay(againAfterMs, undefined, { signal })
  }
  throw new Error('A retry was never answered.')
}

/** The control: the same api behind somebody who takes the key away, so that nothing is remembered. */
async function gatewayWithoutStore(house: ProofHouse, apiUrl: string): Promise<string> {
  const server = createServer(async (request, response) => {
    const { 'idempotency-key': _, connection: __, 'content-length': ___, ...headers } = request.headers
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const answer = await fetch(apiUrl + request.url, {
      method: request.method ?? 'GET',
      headers: Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]),
      ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
    })
    const text = await answer.text()
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' }).end(text)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  house.keep(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('The control has no address.')
  return `http://127.0.0.1:${address.port}`
}

export const proof: Proof = {
  id: 'R9',
  what: 'a request with a key has one effect and one answer',
  run: idempotency,
}
