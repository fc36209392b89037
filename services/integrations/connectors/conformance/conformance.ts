// What every connector is held to, whatever it connects: the same troubles have the same names, nothing waits longer
// than it may, an act has one effect, and nothing that went wrong repeats a person's words or keys.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { frozenClock } from '@oo/kernel'
import type { Signed } from '@oo/shared-types/handlers'
import { type Connector, ConnectorTrouble, type Tokens, type TroubleKind } from '../connector.ts'
import type { Front, Mood } from './front.ts'

/** A connector whose every request goes through the front, and a person at its provider. */
export interface Stage {
  front: Front
  clock: ReturnType<typeof frozenClock>
  /** One with breakers of its own: what one test breaks, the next does not meet. */
  connector(): Connector
  /** Comes in as a person does; `shown`: the verifier, where it is not the one that was begun with. */
  enter(connector: Connector, shown?: string): Promise<Tokens>
  /** The provider knows PKCE: it gives nothing to who did not begin. */
  checksVerifier?: true
  /** The person takes the grant back at the provider. */
  takeBack(): Promise<void>
  /** Absent where only the person can end a grant: an app password. */
  revokes?: true
  tasks?: {
    add(words: string): Promise<string>
    remove(externalId: string): Promise<void>
  }
  /** Where a provider tells of changes in a calendar by itself. */
  told?: {
    /** The next delivery, as it comes. */
    next(): Promise<Signed>
    change(): Promise<unknown>
    /** The channels that are open at the provider. */
    open(): Promise<string[]>
  }
  stop(): Promise<void>
}

const longestMs = 8_000
const words = 'Zilpzalp füttern'
const soon = () => AbortSignal.timeout(longestMs)

export function conforms(name: string, open: () => Promise<Stage>): void {
  describe(`${name} is a connector`, () => {
    let stage: Stage
    before(async () => {
      stage = await open()
    })
    after(() => stage.stop())

    /** In this mood of the provider, and well again afterwards. */
    async function during<T>(mood: Mood, work: () => Promise<T>): Promise<T> {
      stage.front.mood = mood
      try {
        return await work()
      } finally {
        stage.front.mood = 'well'
      }
    }

    test('it says who it is, what is read and what is kept, in whole sentences', () => {
      const { id, name, reads, stores } = stage.connector()
      assert.match(id, /^[a-z0-9-]{1,40}$/)
      assert.ok(name.length > 0 && name.length <= 40)
      for (const sentence of [reads, stores]) assert.match(sentence, /^[A-Z].{10,}\.$/)
    })

    test('coming in twice is the same account, and each time with a key that works', async () => {
      const connector = stage.connector()
      const first = await stage.enter(connector)
      const second = await stage.enter(connector)
      assert.ok(first.account.length > 0)
      assert.equal(second.account, first.account)
      await look(connector, second)
    })

    test('a code is of no use to who did not begin, where the provider checks it', async () => {
      const connector = stage.connector()
      if (connector.entry.by !== 'provider') return
      const asked = { redirectUri: 'https://oo.example/back', state: 'state', challenge: 'of a verifier' }
      const { searchParams } = new URL(connector.entry.authorizeUrl(asked))
      const sent = [searchParams.get('code_challenge'), searchParams.get('code_challenge_method')]
      assert.deepEqual(sent, stage.checksVerifier ? [asked.challenge, 'S256'] : [null, null])
      if (!stage.checksVerifier) return
      const shown = 'w'.repeat(43)
      const leaks: Tokens = { access: shown, refresh: null, expiresAt: null, account: '' }
      await fails(stage.enter(connector, shown), 'revoked', leaks)
    })

    test('a key is renewed where there is a way, and the new one works', async () => {
      const connector = stage.connector()
      const tokens = await stage.enter(connector)
      if (tokens.refresh === null)
        return void (await fails(connector.refresh(tokens, soon()), 'revoked', tokens))
      const fresh = await connector.refresh(tokens, soon())
      assert.equal(fresh.account, tokens.account)
      assert.ok(fresh.refresh !== null)
      await look(connector, fresh)
    })

    test('what the person took back at the provider is revoked, and cannot be renewed', async () => {
      const connector = stage.connector()
      const tokens = await stage.enter(connector)
      await stage.takeBack()
      await fails(look(connector, tokens), 'revoked', tokens)
      await fails(connector.refresh(tokens, soon()), 'revoked', tokens)
    })

    test('handing back ends the grant; once more is a success', async () => {
      const connector = stage.connector()
      const tokens = await stage.enter(connector)
      await connector.revoke(tokens, soon())
      await connector.revoke(tokens, soon())
      if (stage.revokes) await fails(look(connector, tokens), 'revoked', tokens)
    })

    const answers: [what: string, mood: Mood, kind: TroubleKind][] = [
      ['nobody answers in time', 'hangs', 'away'],
      ['connections break', 'resets', 'away'],
      ['it has trouble of its own', { status: 500, body: words }, 'away'],
      ['it asks to wait', { status: 429, body: words, headers: { 'retry-after': '90' } }, 'quota'],
      ['a page instead of an answer', { status: 200, body: `<html>${words}</html>` }, 'garbage'],
      ['nothing instead of an answer', { status: 200 }, 'garbage'],
    ]
    for (const [what, mood, kind] of answers)
      test(`${what}: ${kind}, within its time, without words or keys, and well again afterwards`, async () => {
        const connector = stage.connector()
        const tokens = await stage.enter(connector)
        const began = performance.now()
        const trouble = await during(mood, () => fails(look(connector, tokens), kind, tokens))
        assert.ok(performance.now() - began < longestMs, 'it took too long')
        if (kind === 'quota') assert.equal(trouble.retryAfterSeconds, 90)
        await look(stage.connector(), tokens)
      })

    test('a provider that is away is soon not asked any more, and asked again later', async () => {
      const connector = stage.connector()
      const tokens = await stage.enter(connector)
      await during({ status: 503 }, async () => {
        for (let turn = 0; turn < 8; turn += 1) await fails(look(connector, tokens), 'away', tokens)
        const before = stage.front.asked
        await fails(look(connector, tokens), 'away', tokens)
        assert.equal(stage.front.asked, before, 'it was asked although it is away')
      })
      stage.clock.advance(10 * 60_000)
      await look(connector, tokens)
    })

    test('who no longer wants the answer is not kept waiting', async () => {
      const connector = stage.connector()
      const tokens = await stage.enter(connector)
      const leaving = new AbortController()
      const began = performance.now()
      await during('hangs', async () => {
        const asked = look(connector, tokens, leaving.signal)
        leaving.abort()
        await assert.rejects(asked)
      })
      assert.ok(performance.now() - began < 1_000)
    })

    test('tasks come as text and numbers in their ranges, and leave when they are deleted', async () => {
      const { app, place, connector, tokens } = await atTasks()
      if (!app || !place) return
      const id = await place.add(words)
      const { tasks } = await app.read(tokens, { timeZone: 'Europe/Berlin' }, soon())
      const task = tasks.find(({ externalId }) => externalId === id)
      assert.equal(task?.text, words)
      for (const { source, text, url, attributes } of tasks) {
        assert.equal(source, connector.id)
        assert.ok(text.length > 0 && text.length <= 500)
        assert.ok(url === null || url.startsWith('https://'))
        assert.ok([1, 2, 3, 4].includes(attributes.priority))
        if (attributes.due) assert.match(attributes.due.date, /^\d{4}-\d\d-\d\d$/)
      }
      assert.deepEqual(await app.taskState(tokens, id, soon()), { is: 'open' })
      await place.remove(id)
      assert.deepEqual(await app.taskState(tokens, id, soon()), { is: 'gone' })
      const again = await app.read(tokens, { timeZone: 'Europe/Berlin' }, soon())
      assert.ok(!again.tasks.some(({ externalId }) => externalId === id))
    })

    test('what the last reading left gives the same tasks as reading all anew', async () => {
      const { app, place, tokens } = await atTasks()
      if (!app || !place) return
      const asked = { timeZone: 'Europe/Berlin' }
      const [kept, doomed] = [await place.add(`${words} eins`), await place.add(`${words} zwei`)]
      const { known } = await app.read(tokens, asked, soon())
      await place.remove(doomed)
      const added = await place.add(`${words} drei`)
      const sorted = (read: { tasks: { externalId: string }[] }) =>
        read.tasks.map(({ externalId }) => externalId).sort()
      const next = sorted(await app.read(tokens, { ...asked, known }, soon()))
      assert.deepEqual(next, sorted(await app.read(tokens, asked, soon())))
      assert.ok(next.includes(kept) && next.includes(added) && !next.includes(doomed))
    })

    test('an act has one effect however often it is sent, and one on what is gone is said to be', async () => {
      const { app, place, tokens } = await atTasks()
      if (!app || !place) return
      const id = await place.add(`${words} heute`)
      const act = { externalId: id, actId: crypto.randomUUID() }
      await app.complete(tokens, act, soon())
      await app.complete(tokens, act, soon())
      assert.equal((await app.taskState(tokens, id, soon())).is, 'completed')
      await app.reopen(tokens, { externalId: id, actId: crypto.randomUUID() }, soon())
      assert.equal((await app.taskState(tokens, id, soon())).is, 'open')
      await place.remove(id)
      const late = { externalId: id, actId: crypto.randomUUID() }
      await app.complete(tokens, late, soon()).catch(error => assert.equal(kindOf(error), 'gone'))
    })

    test('a channel tells of a change, in a way that only the connector takes, until it is closed', async () => {
      const connector = stage.connector()
      const { told } = stage
      const channels = connector.calendar?.channels
      assert.equal(channels === undefined, told === undefined, 'the stage fits the connector')
      if (!channels || !told) return
      const tokens = await stage.enter(connector)
      const id = crypto.randomUUID()
      const { expiresAt, ...channel } = await channels.open(tokens, id, soon())
      assert.ok(expiresAt > stage.clock.now())
      const hello = await told.next()
      await told.change()
      const deliveries = [hello, await told.next()]
      const read = deliveries.map(delivery => connector.readWebhook?.(delivery))
      for (const delivery of read) assert.deepEqual(delivery?.channel, channel)
      assert.equal(new Set(read.map(delivery => delivery?.id)).size, 2, 'each has a name of its own')
      assert.equal(connector.readWebhook?.({ bytes: Buffer.alloc(0), headers: {}, misfit: undefined }), null)
      assert.deepEqual(await told.open(), [id])
      await channels.close(tokens, channel, soon())
      await channels.close(tokens, channel, soon())
      assert.deepEqual(await told.open(), [])
      await stage.takeBack()
      await fails(channels.open(tokens, crypto.randomUUID(), soon()), 'revoked', tokens)
    })

    async function atTasks() {
      const connector = stage.connector()
      const tokens = await stage.enter(connector)
      assert.equal(connector.tasks === undefined, stage.tasks === undefined, 'the stage fits the connector')
      return { app: connector.tasks, place: stage.tasks, connector, tokens }
    }
  })
}

/** The read that every sync of it begins with. */
async function look({ tasks, calendar }: Connector, tokens: Tokens, signal = soon()): Promise<void> {
  assert.ok(tasks ?? calendar, 'a connector offers something to read')
  await tasks?.read(tokens, { timeZone: null }, signal)
  const [from, to] = [new Date(), new Date(Date.now() + 86_400_000)]
  await calendar?.read(tokens, { since: null, from, to }, signal)
}

async function fails(
  work: Promise<unknown>,
  kind: TroubleKind,
  { access, refresh }: Tokens,
): Promise<ConnectorTrouble> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof ConnectorTrouble, `expected ${kind}, got ${String(error)}`)
  assert.equal(error.kind, kind, String(error))
  const said = `${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`
  for (const never of [words, access, refresh]) assert.ok(never === null || !said.includes(never), said)
  return error
}

const kindOf = (error: unknown): TroubleKind | undefined =>
  error instanceof ConnectorTrouble ? error.kind : undefined
