// For tests: a real CalDAV server with a person and their lists, and a small server that answers whatever a test wants.
import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import { frozenClock } from '@oo/kernel'
import { startRadicale } from '@oo/local'
import type { Connector, TaskApp, Tokens } from '../connector.ts'
import { createCalDav } from './caldav.ts'

export const ann = { user: 'ann', password: 'app-päss:word' }

export const signal = () => AbortSignal.timeout(20_000)

/** The open tasks of a connection, read anew. */
export const openTasksOf = async (
  { tasks }: Connector & { tasks: TaskApp },
  tokens: Tokens,
  timeZone: string | null = null,
) => (await tasks.read(tokens, { timeZone }, signal())).tasks

export type House = Awaited<ReturnType<typeof openHouse>>

export async function openHouse() {
  const radicale = await startRadicale({ users: { [ann.user]: ann.password } })
  const front = await openFront(radicale.url)
  const clock = frozenClock('2026-05-04T10:00:00Z')
  const { host } = new URL(front.url)
  const connector = createCalDav({ innerHosts: [host] }, { clock })
  let lists = 0

  async function ask(
    method: string,
    path: string,
    more: { body?: string; type?: string; destination?: string } = {},
  ) {
    const authorization = `Basic ${Buffer.from(`${ann.user}:${ann.password}`).toString('base64')}`
    const headers = {
      authorization,
      ...(more.type && { 'content-type': more.type }),
      ...(more.destination && { destination: more.destination }),
    }
    const init = { method, headers, ...(more.body !== undefined && { body: more.body }) }
    const answer = await fetch(`${radicale.url}${path}`, init)
    const body = await answer.text()
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${body}`)
    return body
  }

  return {
    radicale,
    front,
    clock,
    connector,
    signIn: (address = front.url) => connector.entry.signIn({ ...ann, address }, signal()),

    /** A list of one's own, as a client makes it. */
    async list(takes = 'VTODO'): Promise<string> {
      const path = `/ann/list${++lists}/`
      const body =
        '<mkcol xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><set><prop><resourcetype><collection/>' +
        `<C:calendar/></resourcetype><C:supported-calendar-component-set>` +
        `<C:comp name="${takes}"/></C:supported-calendar-component-set></prop></set></mkcol>`
      await ask('MKCOL', path, { body, type: 'application/xml' })
      return path
    },
    put: (list: string, uid: string, ...lines: string[]) =>
      ask('PUT', `${list}${uid.replace(/\W/g, '-')}.ics`, {
        body: todo(uid, ...lines),
        type: 'text/calendar',
      }),
    get: (list: string, uid: string) => ask('GET', `${list}${uid}.ics`),
    delete: (path: string) => ask('DELETE', path),
    move: (path: string, to: string) => ask('MOVE', path, { destination: `${radicale.url}${to}` }),

    async stop() {
      await Promise.all([front.stop(), radicale.stop()])
    },
  }
}

export const todo = (uid: string, ...lines: string[]): string =>
  calendar('BEGIN:VTODO', `UID:${uid}`, 'DTSTAMP:20260101T000000Z', ...lines, 'END:VTODO')

export const calendar = (...lines: string[]): string =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test//EN', ...lines, 'END:VCALENDAR', ''].join('\r\n')

/** Stands before a server, tells what was asked, and lets something happen before a request goes on. */
async function openFront(target: string) {
  const asked: string[] = []
  let before: { method: string; act: () => Promise<unknown>; times: number } | undefined
  const served = await serve(async (request, response) => {
    asked.push(`${request.method} ${request.url}`)
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    if (before && before.method === request.method && before.times > 0) {
      before.times -= 1
      await before.act()
    }
    const headers = new Headers()
    for (const name of ['authorization', 'content-type', 'depth', 'if-match']) {
      const value = request.headers[name]
      if (typeof value === 'string') headers.set(name, value)
    }
    const answer = await fetch(`${target}${request.url}`, {
      method: request.method ?? 'GET',
      headers,
      redirect: 'manual',
      ...(parts.length > 0 && { body: Buffer.concat(parts) }),
    })
    const back = ['content-type', 'etag', 'location'].flatMap(name => {
      const value = answer.headers.get(name)
      return value === null ? [] : [[name, value] as const]
    })
    response.writeHead(answer.status, Object.fromEntries(back)).end(await answer.text())
  })
  return {
    ...served,
    asked,
    before(method: string, act: () => Promise<unknown>, times = 1) {
      before = { method, act, times }
    },
  }
}

export async function serve(listener: RequestListener) {
  const server = createServer(listener)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  assert.ok(address && typeof address === 'object')
  return {
    url: `http://127.0.0.1:${address.port}`,
    stop: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
