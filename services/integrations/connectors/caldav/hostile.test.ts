import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import { after, describe, test } from 'node:test'
import { frozenClock } from '@oo/kernel'
import { todo } from '@oo/local'
import { serve } from '../conformance/serve.ts'
import { isTrouble, type TroubleKind } from '../connector.ts'
import { AddressRefused } from './address.ts'
import { type CalDavSettings, createCalDav } from './caldav.ts'
import { ann, openTasksOf, signal } from './testServers.ts'

const servers: { stop(): Promise<void> }[] = []
after(() => Promise.all(servers.map(server => server.stop())))

/** A server that answers so, and a connector that may speak to it. */
async function answering(listener: RequestListener, settings: CalDavSettings = {}) {
  const asked: string[] = []
  const server = await serve((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    return listener(request, response)
  })
  servers.push(server)
  const clock = frozenClock('2026-05-04T10:00:00Z')
  const connector = createCalDav(
    { innerHosts: [new URL(server.url).host], timeoutMs: 1_000, ...settings },
    { clock },
  )
  const access = JSON.stringify({ ...ann, address: server.url, homes: [`${server.url}/home/`] })
  const tokens = { access, refresh: null, expiresAt: null, account: 'ann' }
  return {
    url: server.url,
    asked,
    clock,
    connector,
    tokens,
    openTasks: () => openTasksOf(connector, tokens),
    signIn: () => connector.entry.signIn({ ...ann, address: server.url }, signal()),
  }
}

const xml = (within: string) =>
  `<?xml version="1.0"?><multistatus xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">${within}</multistatus>`
const item = (href: string, properties: string) =>
  `<response><href>${href}</href><propstat><prop>${properties}</prop><status>HTTP/1.1 200 OK</status></propstat></response>`
const list = (href: string) =>
  item(
    href,
    '<resourcetype><C:calendar/></resourcetype><C:getctag xmlns:C="http://calendarserver.org/ns/">1</C:getctag>',
  )

const always =
  (status: number, body = '', headers: Record<string, string> = {}): RequestListener =>
  (_request, response) =>
    response.writeHead(status, headers).end(body)

const fails = (work: Promise<unknown>, kind: TroubleKind, seconds?: number) =>
  assert.rejects(work, (error: unknown) => {
    assert.ok(isTrouble(error, kind), String(error))
    if (seconds !== undefined) assert.equal(Reflect.get(Object(error), 'retryAfterSeconds'), seconds)
    return true
  })

describe('every answer is one of five kinds of trouble', () => {
  const bomb = `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>${xml('&b;').replace(/^<\?xml[^>]*>/, '')}`
  const answers: [what: string, listener: RequestListener, kind: TroubleKind, seconds?: number][] = [
    ['401', always(401), 'revoked'],
    ['403', always(403), 'revoked'],
    ['404', always(404), 'gone'],
    ['429', always(429, '', { 'retry-after': '90' }), 'quota', 90],
    [
      '429 until a time',
      always(429, '', {
        date: 'Mon, 04 May 2026 10:00:00 GMT',
        'retry-after': 'Mon, 04 May 2026 10:02:00 GMT',
      }),
      'quota',
      120,
    ],
    ['429 without a time', always(429), 'quota', 60],
    ['503 with a time', always(503, '', { 'retry-after': '120' }), 'away', 120],
    ['500', always(500), 'away'],
    ['a page', always(200, '<html><body>Welcome</body></html>'), 'garbage'],
    ['not XML', always(207, 'multistatus'), 'garbage'],
    ['half of it', always(207, xml('').slice(0, -5)), 'garbage'],
    ['another document', always(207, '<x/>'), 'garbage'],
    ['entities of its own', always(207, bomb), 'garbage'],
    ['a document type', always(207, xml('').replace('?>', '?><!DOCTYPE multistatus>')), 'garbage'],
    ['too deep', always(207, xml(`${'<a>'.repeat(500)}${'</a>'.repeat(500)}`)), 'garbage'],
    ['too large', always(207, xml(' '.repeat(4_100_000))), 'garbage'],
    ['too many', always(207, xml(item('/home/a', '').repeat(20_001))), 'garbage'],
    [
      'cut off',
      (_request, response) => void response.writeHead(207).write('<', () => response.destroy()),
      'away',
    ],
    ['a redirect', always(301, '', { location: '/' }), 'garbage'],
  ]
  for (const [what, listener, kind, seconds] of answers)
    test(`${what}: ${kind}`, async () => {
      const { openTasks, connector, tokens } = await answering(listener)
      await fails(openTasks(), kind, seconds)
      await fails(connector.tasks.complete(tokens, { externalId: 'x', actId: 'x' }, signal()), kind, seconds)
    })

  test('a server that hangs, or drips, holds nobody longer than its deadline; then its breaker is open', async () => {
    const dripping: RequestListener = (_request, response) => {
      const timer = setInterval(() => response.write(' '), 20)
      response.on('close', () => clearInterval(timer))
    }
    for (const listener of [() => {}, dripping]) {
      const { openTasks, asked } = await answering(listener, { timeoutMs: 100 })
      const began = performance.now()
      for (let n = 0; n < 5; n += 1) await fails(openTasks(), 'away')
      assert.ok(performance.now() - began < 3_000)
      assert.equal(asked.length, 5)
      await fails(openTasks(), 'away')
      assert.equal(asked.length, 5)
    }
  })
})

describe('nobody is sent elsewhere', () => {
  test('a redirect, a principal, a home or a list on another host is not followed, and gets no password', async () => {
    const other = await answering(always(207, xml('')))
    const away = other.url.replace('127.0.0.1', 'localhost')
    const principal = (href: string) =>
      xml(item('/', `<current-user-principal><href>${href}</href></current-user-principal>`))
    const home = (href: string) =>
      xml(item('/me/', `<C:calendar-home-set><href>${href}</href></C:calendar-home-set>`))

    const redirecting = await answering(always(302, '', { location: `${away}/dav/` }))
    await assert.rejects(redirecting.signIn(), refused('elsewhere', new URL(away).host))
    const elsewhere = await answering(always(207, principal(`${away}/me/`)))
    await assert.rejects(elsewhere.signIn(), refused('not-caldav'))
    const moved = await answering((request, response) =>
      response.writeHead(207).end(request.url === '/me/' ? home(`${away}/home/`) : principal('/me/')),
    )
    await assert.rejects(moved.signIn(), refused('elsewhere', new URL(away).host))
    const listed = await answering(always(207, xml(list(`${away}/home/a/`))))
    assert.deepEqual(await listed.openTasks(), [])
    assert.equal(other.asked.length, 0)
  })

  test('an id is a file in a list and nothing else', async () => {
    const { connector, tokens, asked } = await answering((request, response) =>
      request.method === 'PROPFIND'
        ? response.writeHead(207).end(xml(list('/home/a/')))
        : response.writeHead(404).end(),
    )
    for (const externalId of ['http:localhost~x', '../../x~x', '//localhost/x~x', 'a?b#c'])
      assert.deepEqual(await connector.tasks.taskState(tokens, externalId, signal()), { is: 'gone' })
    const files = asked.filter(one => one.startsWith('GET')).map(one => one.replace('GET /home/a/', ''))
    assert.deepEqual(
      [...new Set(files)].filter(one => one.includes('/')),
      [],
    )
    assert.equal(new Set(files).size, 4)
  })

  test('redirects in a circle end', async () => {
    const circle = await answering(always(301, '', { location: '/again' }))
    await assert.rejects(circle.signIn(), refused('not-caldav'))
    assert.ok(circle.asked.length < 10)
  })

  test('what is no address, not https or within is refused before anybody is asked', async () => {
    const { connector } = await answering(always(500))
    const tries: [address: string, reason: string][] = [
      ['', 'no-address'],
      ['https://user:secret@example.com', 'no-address'],
      ['http://example.com', 'not-https'],
      ['ftp://example.com', 'not-https'],
      ['https://127.0.0.1', 'inner'],
      ['192.168.1.10:5232', 'inner'],
      ['https://[::1]/', 'inner'],
      ['localhost', 'inner'],
    ]
    for (const [address, reason] of tries)
      await assert.rejects(connector.entry.signIn({ ...ann, address }, signal()), refused(reason), address)
  })
})

const refused = (reason: string, host?: string) => (error: unknown) => {
  assert.ok(error instanceof AddressRefused, String(error))
  assert.equal(error.reason, reason)
  if (host) assert.ok(error.sentence.includes(host), error.sentence)
  return true
}

/** A list of so many tasks, as any server would give them; `text` is what is in one. */
const holding =
  (count: number, text: (uid: string) => string, etag = '"1"'): RequestListener =>
  async (request, response) => {
    let body = ''
    for await (const part of request) body += part
    const mark = etag === '' ? '' : `<getetag>${etag}</getetag>`
    const one = (path: string) => {
      const uid = path.replace(/^.*\/|\.ics$/g, '')
      const data = text(uid).replace(/&/g, '&amp;').replace(/</g, '&lt;')
      return item(path, `${mark}<C:calendar-data>${data}</C:calendar-data>`)
    }
    if (request.method === 'GET' && etag === '') return response.writeHead(200).end(text('t0'))
    if (request.method === 'PROPFIND') return response.writeHead(207).end(xml(list('/home/a/')))
    if (body.includes('calendar-multiget')) {
      const paths = [...body.matchAll(/<href>([^<]*)<\/href>/g)].map(([, path]) => path ?? '')
      return response.writeHead(207).end(xml(paths.map(one).join('')))
    }
    const paths = Array.from({ length: count }, (_, n) => item(`/home/a/t${n}.ics`, mark))
    return response.writeHead(207).end(xml(paths.join('')))
  }

test('a list that the person may only read is not theirs to do, one that says nothing of it is', async () => {
  const may = (what: string) =>
    item(
      '/home/a/',
      `<resourcetype><C:calendar/></resourcetype>
      <current-user-privilege-set><privilege><${what}/></privilege></current-user-privilege-set>`,
    )
  const read = async (within: string) => {
    const { openTasks, asked } = await answering((request, response) =>
      response.writeHead(207).end(xml(request.url === '/home/' ? within : '')),
    )
    await openTasks()
    return asked.filter(one => one === 'REPORT /home/a/').length > 0
  }
  assert.equal(await read(may('read')), false)
  assert.equal(await read(may('write-content')), true)
  assert.equal(await read(list('/home/a/')), true)
})

describe('as many and as large as they come', () => {
  test('2,100 tasks: 2,000 are read, in a dozen questions; unchanged, the next reading asks one', async () => {
    const many = await answering(
      holding(2_100, uid => todo(uid, `SUMMARY:${uid}`, 'DUE;TZID=Asia/Tokyo:20260504T090000')),
    )
    const first = await many.connector.tasks.read(many.tokens, { timeZone: 'Europe/Berlin' }, signal())
    assert.equal(first.tasks.length, 2_000)
    assert.ok(many.asked.length < 15, `${many.asked.length}`)
    many.asked.length = 0
    const { known } = first
    const next = await many.connector.tasks.read(many.tokens, { timeZone: 'Europe/Berlin', known }, signal())
    assert.equal(next.tasks.length, 2_000)
    assert.deepEqual(many.asked, ['PROPFIND /home/'])
  })

  test('too much at once is asked for in smaller parts, and one that is too large alone is left out', async () => {
    const text = (uid: string) =>
      todo(uid, `SUMMARY:${uid}`, `DESCRIPTION:${'x'.repeat(uid === 't3' ? 60_000 : 3_000)}`)
    const large = await answering(holding(40, text), { maxBytes: 50_000 })
    assert.equal((await large.openTasks()).length, 39)
  })

  test('an item that is broken is left out, the others are read', async () => {
    const text = (uid: string) => (uid === 't1' ? 'BEGIN:VCALENDAR' : todo(uid, `SUMMARY:${uid}`))
    const some = await answering(holding(3, text))
    assert.deepEqual(
      (await some.openTasks()).map(({ externalId }) => externalId),
      ['t0', 't2'],
    )
  })

  test('without a mark to compare, nothing is overwritten', async () => {
    const blind = await answering(holding(1, uid => todo(uid, 'SUMMARY:x'), ''))
    await fails(
      blind.connector.tasks.complete(blind.tokens, { externalId: 't0', actId: 'x' }, signal()),
      'garbage',
    )
    assert.ok(!blind.asked.some(one => one.startsWith('PUT')))
  })

  test('a search that is not answered as agreed does not make a task gone', async () => {
    const odd = await answering((request, response) => {
      if (request.method === 'PROPFIND') return response.writeHead(207).end(xml(list('/home/a/')))
      return request.method === 'GET' ? response.writeHead(405).end() : response.writeHead(207).end('odd')
    })
    await fails(odd.connector.tasks.taskState(odd.tokens, 'x', signal()), 'garbage')
  })
})
