// What a person's other programs do at a CalDAV server: lists and tasks, for tests.
import assert from 'node:assert/strict'

export interface TaskLists {
  /** A new list, by its path. */
  make(takes?: 'VTODO' | 'VEVENT'): Promise<string>
  put(list: string, uid: string, ...lines: string[]): Promise<string>
  get(list: string, uid: string): Promise<string>
  delete(path: string): Promise<string>
  move(path: string, to: string): Promise<string>
}

export function taskListsOf({
  url,
  user,
  password,
}: {
  url: string
  user: string
  password: string
}): TaskLists {
  let lists = 0

  async function ask(
    method: string,
    path: string,
    more: { body?: string; headers?: Record<string, string> } = {},
  ) {
    const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
    const headers = { authorization, ...more.headers }
    const answer = await fetch(`${url}${path}`, {
      method,
      headers,
      ...(more.body !== undefined && { body: more.body }),
      signal: AbortSignal.timeout(10_000),
    })
    const body = await answer.text()
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${body}`)
    return body
  }

  return {
    async make(takes = 'VTODO') {
      const path = `/${user}/list${++lists}/`
      const body =
        '<mkcol xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><set><prop><resourcetype><collection/>' +
        '<C:calendar/></resourcetype><C:supported-calendar-component-set>' +
        `<C:comp name="${takes}"/></C:supported-calendar-component-set></prop></set></mkcol>`
      await ask('MKCOL', path, { body, headers: { 'content-type': 'application/xml' } })
      return path
    },
    put: (list, uid, ...lines) =>
      ask('PUT', `${list}${uid.replace(/\W/g, '-')}.ics`, {
        body: todo(uid, ...lines),
        headers: { 'content-type': 'text/calendar' },
      }),
    get: (list, uid) => ask('GET', `${list}${uid}.ics`),
    delete: path => ask('DELETE', path),
    move: (path, to) => ask('MOVE', path, { headers: { destination: `${url}${to}` } }),
  }
}

export const todo = (uid: string, ...lines: string[]): string =>
  calendar('BEGIN:VTODO', `UID:${uid}`, 'DTSTAMP:20260101T000000Z', ...lines, 'END:VTODO')

export const calendar = (...lines: string[]): string =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test//EN', ...lines, 'END:VCALENDAR', ''].join('\r\n')
