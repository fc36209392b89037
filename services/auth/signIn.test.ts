import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { Problem, transaction } from '@oo/kernel'
import { startSandbox } from '@oo/sandbox'
import { consoleOrigin, demoProvider, openBrowser, openWorld, origin, throughProvider } from './testWorld.ts'

const world = await openWorld()
const sandbox = await startSandbox({ auto: true, origins: [origin, consoleOrigin] })
const providers = [demoProvider(sandbox.issuer)]

after(async () => {
  await sandbox.stop()
  await world.close()
})
beforeEach(async () => {
  await world.empty()
  await fetch(`${sandbox.url}/control/reset`, { method: 'POST' })
})

const fault = (mode: string, count?: number) =>
  fetch(`${sandbox.url}/control/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ target: 'oidc', mode, count }),
  })

test('a newcomer signs in: card, key and event exist, and they go on to connect', async () => {
  const auth = world.start({ providers })
  const browser = openBrowser(auth)
  assert.equal(await browser.signIn({ login_hint: 'ada@example.test' }), `${origin}/connect`)
  assert.equal(browser.cookies.oo_login, undefined)
  assert.match(browser.cookies.sid ?? '', /^[A-Za-z0-9_-]{43}$/)
  const actor = await browser.actor()
  const [newcomer] = world.welcomed
  assert.deepEqual(newcomer, {
    personId: actor?.personId,
    name: 'Ada',
    email: 'ada@example.test',
    emailVerified: true,
  })
  assert.equal(actor?.role, 'person')
  const sealer = await auth.door.sealer(actor?.personId ?? '')
  assert.equal(sealer.open(sealer.seal('tea', 'a.b.c:1'), 'a.b.c:1'), 'tea')
  assert.throws(() => sealer.open(sealer.seal('tea', 'a.b.c:1'), 'a.b.c:2'))
  assert.deepEqual(await world.subjects(), ['account.created'])
})

test('a person who returns is the same person with a new session; the old one ends', async () => {
  const browser = openBrowser(world.start({ providers }))
  await browser.signIn()
  const [before, oldSid] = [await browser.actor(), browser.cookies.sid]
  assert.equal(await browser.signIn({ next: '/you?tab=a#b' }), `${origin}/you?tab=a#b`)
  const again = await browser.actor()
  assert.equal(again?.personId, before?.personId)
  assert.notEqual(again?.sessionId, before?.sessionId)
  assert.notEqual(browser.cookies.sid, oldSid)
  assert.equal(await world.start({ providers }).door.authenticate(oldSid), null)
  assert.equal(world.welcomed.length, 1)
})

test('neither cookies nor subjects are in the database as they are', async () => {
  const browser = openBrowser(world.start({ providers }))
  await browser.signIn({ login_hint: 'eve@example.test' })
  const { rows } = await world.db.$client.query(
    'SELECT s::text AS row FROM auth.sessions s UNION ALL SELECT i::text FROM auth.identities i',
  )
  const text = JSON.stringify(rows)
  assert.equal(rows.length, 2)
  for (const secret of [browser.cookies.sid ?? '-', 'sandbox-', 'eve', 'Mozilla'])
    assert.ok(!text.includes(secret))
  assert.ok(text.includes('Firefox on Linux'))
})

test('sign-in returns to the address that began it; a newcomer at the console stays there', async () => {
  const browser = openBrowser(world.start({ providers }), consoleOrigin)
  assert.equal(await browser.signIn(), `${consoleOrigin}/`)
})

test('two windows of one newcomer at the same moment make one person', async () => {
  const auth = world.start({ providers })
  const windows = [openBrowser(auth), openBrowser(auth), openBrowser(auth)]
  const ways = await Promise.all(windows.map(async w => throughProvider(await w.login())))
  await Promise.all(windows.map((window, i) => window.callback(ways[i] ?? '')))
  const people = await Promise.all(windows.map(window => window.actor()))
  assert.equal(new Set(people.map(actor => actor?.personId)).size, 1)
  assert.equal(await world.count('auth.people'), 1)
  assert.equal(world.welcomed.length, 1)
})

test('next never leads away from here', async () => {
  const away = [
    '//evil.test',
    'https://evil.test',
    '/\\evil.test',
    '/\t/evil.test',
    'evil.test',
    '/.//evil.test',
  ]
  for (const next of [...away, 'javascript:alert(1)', '/%09/evil.test', '@evil.test', '///evil.test']) {
    const location = await openBrowser(world.start({ providers })).signIn({ next })
    assert.equal(new URL(location).origin, origin, next)
    assert.ok(!new URL(location).pathname.startsWith('//'), next)
  }
})

test('a callback without its cookie, with another state, or with a changed cookie signs nobody in', async () => {
  const auth = world.start({ providers })
  const expired = `${origin}/sign-in?problem=expired`
  const attacks: Record<string, (browser: ReturnType<typeof openBrowser>, url: URL) => void> = {
    'no cookie': browser => delete browser.cookies.oo_login,
    'other state': (_, url) => url.searchParams.set('state', 'x'.repeat(43)),
    'no state': (_, url) => url.searchParams.delete('state'),
    'two states': (_, url) => url.searchParams.append('state', 'second'),
    'garbage cookie': browser => (browser.cookies.oo_login = 'AAAA'),
    'changed cookie': browser => {
      const bytes = Buffer.from(browser.cookies.oo_login ?? '', 'base64url')
      bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1)
      browser.cookies.oo_login = bytes.toString('base64url')
    },
  }
  for (const [name, attack] of Object.entries(attacks)) {
    const browser = openBrowser(auth)
    const url = new URL(await throughProvider(await browser.login()))
    attack(browser, url)
    assert.equal(await browser.callback(url.href), expired, name)
    assert.equal(browser.cookies.sid, undefined, name)
  }
  assert.equal(await world.count('auth.sessions'), 0)
})

test("a sign-in begun in one browser, under another secret, or at another address can't be finished here", async () => {
  const auth = world.start({ providers })
  const [victim, attacker] = [openBrowser(auth), openBrowser(auth)]
  await victim.login()
  const stolen = await throughProvider(await attacker.login())
  assert.equal(await victim.callback(stolen), `${origin}/sign-in?problem=expired`)

  const foreign = openBrowser(world.start({ providers, secret: 'another secret that is long enough, too' }))
  const way = await throughProvider(await foreign.login())
  const here = openBrowser(auth)
  here.cookies.oo_login = foreign.cookies.oo_login
  assert.equal(await here.callback(way), `${origin}/sign-in?problem=expired`)

  const elsewhere = openBrowser(auth, consoleOrigin)
  const begun = openBrowser(auth)
  const back = await throughProvider(await begun.login())
  elsewhere.cookies.oo_login = begun.cookies.oo_login
  assert.equal(await elsewhere.callback(back), `${consoleOrigin}/sign-in?problem=expired`)
})

test('a callback that is replayed with its cookie is refused', async () => {
  const browser = openBrowser(world.start({ providers }))
  const way = await throughProvider(await browser.login())
  const kept = browser.cookies.oo_login
  assert.equal(await browser.callback(way), `${origin}/connect`)
  assert.equal(await browser.callback(way), `${origin}/sign-in?problem=expired`)
  browser.cookies.oo_login = kept
  assert.equal(await browser.callback(way), `${origin}/sign-in?problem=refused`)
  assert.equal(await world.count('auth.sessions'), 1)
})

test('a sign-in older than ten minutes has to begin again', async () => {
  const browser = openBrowser(world.start({ providers }))
  const way = await throughProvider(await browser.login())
  world.clock.advance(600_000)
  assert.equal(await browser.callback(way), `${origin}/sign-in?problem=expired`)
})

test('what the provider refuses is told apart: declined, away, refused', async () => {
  const auth = world.start({ providers })
  const wanted = {
    access_denied: 'declined',
    temporarily_unavailable: 'provider_away',
    invalid_scope: 'refused',
  }
  for (const [error, problem] of Object.entries(wanted)) {
    const browser = openBrowser(auth)
    const state = new URL(await browser.login()).searchParams.get('state') ?? ''
    const url = new URL(`${origin}/api/auth/callback/demo`)
    url.search = new URLSearchParams({ state, error, iss: sandbox.issuer }).toString()
    assert.equal(await browser.callback(url.href), `${origin}/sign-in?problem=${problem}`)
  }
})

test('an answer that names another issuer is refused', async () => {
  const browser = openBrowser(world.start({ providers }))
  const url = new URL(await throughProvider(await browser.login()))
  url.searchParams.set('iss', 'https://evil.test')
  assert.equal(await browser.callback(url.href), `${origin}/sign-in?problem=refused`)
})

test('a provider that is away leads back to the sign-in page, and is tried anew the next time', async () => {
  const auth = world.start({ providers })
  for (const mode of ['500', 'garbage', 'reset']) {
    await fault(mode)
    assert.equal(await openBrowser(auth).login(), `${origin}/sign-in?problem=provider_away`, mode)
    const [health] = auth.module.health ?? []
    assert.match((await health?.check(AbortSignal.timeout(2_000))) ?? '', /Demo does not work/, mode)
    await fault('none')
    world.clock.advance(60_000)
  }
  assert.equal(await auth.module.health?.[0]?.check(AbortSignal.timeout(2_000)), undefined)
  assert.match(await openBrowser(auth).login(), new RegExp(`^${sandbox.issuer}`))
})

test('a provider that goes away between the two halves of a sign-in is named as the reason', async () => {
  const browser = openBrowser(world.start({ providers }))
  const way = await throughProvider(await browser.login())
  await fault('500')
  assert.equal(await browser.callback(way), `${origin}/sign-in?problem=provider_away`)
  await fault('none')
  assert.equal(await browser.signIn(), `${origin}/connect`)
})

test('an unknown provider is a sentence', async () => {
  const auth = world.start({ providers })
  await assert.rejects(openBrowser(auth).login({}, 'nobody'), (error: Problem) => {
    assert.ok(error instanceof Problem)
    return error.status === 404
  })
})

test('a plain-http issuer is refused unless it is on this machine and said so', () => {
  const [demo] = providers
  assert.ok(demo)
  const issuers = [
    { issuer: 'http://idp.example.test', allowHttp: true },
    { issuer: sandbox.issuer, allowHttp: false },
  ]
  for (const other of issuers)
    assert.throws(() => world.start({ providers: [{ ...demo, ...other }] }), /https/)
})

test('when the card cannot be written, nobody was created', async () => {
  const welcome = async () => {
    throw new Error('no card')
  }
  const browser = openBrowser(world.start({ providers }, { welcome }))
  await assert.rejects(browser.signIn(), /no card/)
  assert.equal(await world.count('auth.people'), 0)
  assert.deepEqual(await world.subjects(), [])
})

test('the person key is there for the card, in the transaction that creates the person', async () => {
  let opened = ''
  const auth = world.start(
    { providers },
    {
      async welcome(tx, { personId, name }) {
        const sealer = await auth.door.sealer(personId, tx)
        opened = sealer.open(sealer.seal(name, 'card'), 'card')
      },
    },
  )
  await openBrowser(auth).signIn({ login_hint: 'ada@example.test' })
  assert.equal(opened, 'Ada')
  await transaction(world.db, async tx => {
    await assert.rejects(auth.door.sealer('00000000-0000-7000-8000-000000000000', tx), /person_gone/)
  })
})
