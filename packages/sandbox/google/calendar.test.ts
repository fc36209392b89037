import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { calendar_v3 } from '@googleapis/calendar'
import { type Sandbox, startSandbox } from '../index.ts'
import { fieldsOf, textOf } from '../read.ts'
import { connect, control, refused } from './test-client.ts'

type Listed = { items: calendar_v3.Schema$Event[]; token: string; pages: number }
const calendarId = 'primary'

/** Every page, as a careful client reads them. */
async function listAll(
  api: calendar_v3.Calendar,
  query: calendar_v3.Params$Resource$Events$List,
): Promise<Listed> {
  const items: calendar_v3.Schema$Event[] = []
  let pageToken: string | undefined
  for (let pages = 1; pages <= 50; pages += 1) {
    const { data } = await api.events.list({ calendarId, ...query, ...(pageToken && { pageToken }) })
    items.push(...(data.items ?? []))
    if (!data.nextPageToken) return { items, token: data.nextSyncToken ?? '', pages }
    assert.equal(data.nextSyncToken, undefined, 'a sync token comes with the last page only')
    pageToken = data.nextPageToken
  }
  throw new Error('More than 50 pages')
}

describe('Google Calendar, asked by its own client', () => {
  let sandbox: Sandbox
  before(async () => {
    sandbox = await startSandbox({
      auto: true,
      zone: 'Europe/Berlin',
      now: () => new Date('2026-10-20T09:30:00Z'),
    })
  })
  after(() => sandbox.stop())

  const act = async (email: string, path: string, body: unknown = {}) =>
    fieldsOf(await control(sandbox.url, `google/${email}/events${path}`, body))
  const create = async (email: string, body: unknown): Promise<string> =>
    textOf((await act(email, '', body)).id) ?? ''
  const october = { timeMin: '2026-10-19T00:00:00Z', timeMax: '2026-11-09T00:00:00Z' }

  test('the demo person has three calendars and a week of every kind of event', async () => {
    const { api } = await connect(sandbox.url, 'demo@example.test')
    const { data } = await api.calendarList.list({ maxResults: 2 })
    const rest = await api.calendarList.list({ maxResults: 2, pageToken: data.nextPageToken ?? '' })
    const calendars = [...(data.items ?? []), ...(rest.data.items ?? [])]
    assert.deepEqual(
      calendars.map(entry => entry.accessRole),
      ['owner', 'owner', 'reader'],
    )
    assert.deepEqual(
      [calendars[0]?.id, calendars[0]?.primary, calendars[0]?.timeZone],
      ['demo@example.test', true, 'Europe/Berlin'],
    )
    const syncToken = rest.data.nextSyncToken ?? ''
    assert.deepEqual((await api.calendarList.list({ syncToken })).data.items, [])

    const { items } = await listAll(api, { ...october, singleEvents: true })
    const kinds = new Set(items.map(event => event.eventType))
    for (const kind of ['default', 'focusTime', 'outOfOffice', 'workingLocation'])
      assert.ok(kinds.has(kind), kind)
    const me = (event: calendar_v3.Schema$Event) =>
      event.attendees?.find(attendee => attendee.self)?.responseStatus
    assert.ok(items.some(event => me(event) === 'declined'))
    assert.ok(items.some(event => event.transparency === 'transparent' && event.start?.dateTime))
    assert.ok(items.some(event => event.start?.date))
    const standUps = items.filter(event => event.summary === 'Stand-up')
    assert.equal(standUps.length, 14, 'fifteen working days, one cancelled')
    const times = standUps.map(event => event.start?.dateTime?.slice(11))
    assert.ok(
      times.includes('09:15:00+02:00') && times.includes('09:15:00+01:00'),
      'on both sides of the change',
    )
    const moved = standUps.filter(event => event.start?.dateTime !== event.originalStartTime?.dateTime)
    assert.deepEqual(
      moved.map(event => event.start?.dateTime?.slice(11, 16)),
      ['11:00'],
    )
  })

  test('a list in pages neither repeats nor skips while an event is added, and the next sync brings that one', async () => {
    const email = 'pages@example.test'
    const { api } = await connect(sandbox.url, email)
    const query = { ...october, timeMin: '2026-09-01T00:00:00Z', singleEvents: true, maxResults: 3 }
    const first = await api.events.list({ calendarId, ...query })
    const late = { start: '2026-10-21T10:00:00Z', end: '2026-10-21T11:00:00Z', id: '00000' }
    const added = await create(email, late)
    const rest = await listAll(api, { ...query, pageToken: first.data.nextPageToken ?? '' })
    const ids = [...(first.data.items ?? []), ...rest.items].map(event => event.id)
    assert.equal(new Set(ids).size, ids.length)
    assert.ok(!ids.includes(added), 'it sorts before the first page')
    assert.equal((await listAll(api, query)).items.length, ids.length + 1)
    assert.ok(rest.pages > 1)
    const fresh = await listAll(api, { syncToken: rest.token, singleEvents: true })
    assert.deepEqual(
      fresh.items.map(event => event.id),
      [added],
    )
    await assert.rejects(
      api.events.list({ calendarId, pageToken: first.data.nextPageToken ?? '' }),
      refused(400),
    )
  })

  test('an incremental sync brings what changed, deleted ones as cancelled, and nothing twice', async () => {
    const email = 'sync@example.test'
    const { api } = await connect(sandbox.url, email)
    const kept = await create(email, {
      summary: 'One',
      start: '2026-10-21T10:00:00Z',
      end: '2026-10-21T11:00:00Z',
    })
    const gone = await create(email, { summary: 'Two', start: '2026-10-22', end: '2026-10-23' })
    const full = await listAll(api, {})
    assert.equal(full.items.length, 5)
    await act(email, `/${kept}/move`, { start: '2026-10-21T12:00:00Z', end: '2026-10-21T12:30:00Z' })
    await act(email, `/${gone}/delete`)
    const changed = await listAll(api, { syncToken: full.token, maxResults: 1 })
    const told = changed.items.map(event => [event.id, event.status, event.start?.dateTime])
    assert.deepEqual(
      told.toSorted(),
      [
        [gone, 'cancelled', undefined],
        [kept, 'confirmed', '2026-10-21T14:00:00+02:00'],
      ].toSorted(),
    )
    assert.deepEqual((await listAll(api, { syncToken: changed.token })).items, [])
    assert.equal((await listAll(api, {})).items.length, 4)
    assert.equal((await listAll(api, { showDeleted: true })).items.length, 5)
  })

  test('a token that Google forgot is answered with 410, and a full list recovers', async () => {
    const email = 'gone@example.test'
    const { api } = await connect(sandbox.url, email)
    const { token } = await listAll(api, {})
    await control(sandbox.url, `google/${email}/sync-tokens/expire`, {})
    await assert.rejects(listAll(api, { syncToken: token }), refused(410, 'fullSyncRequired'))
    await assert.rejects(
      listAll(api, { syncToken: 'CPDAlvWDx70CEPDAlvWDx70CGAU=' }),
      refused(410, 'fullSyncRequired'),
    )
    const again = await listAll(api, {})
    assert.equal(again.items.length, 3)
    assert.deepEqual((await listAll(api, { syncToken: again.token })).items, [])
    await assert.rejects(listAll(api, { syncToken: again.token, singleEvents: true }), refused(410))
    for (const more of [october, { orderBy: 'updated' }, { q: 'lunch' }, { showDeleted: false }]) {
      await assert.rejects(
        listAll(api, { syncToken: again.token, ...more }),
        refused(400, 'syncTokenWithRequestRestrictions'),
      )
    }
  })

  test('a series keeps its time on the wall over a clock change, in Berlin and in New York', async () => {
    const email = 'clock@example.test'
    const { api } = await connect(sandbox.url, email)
    for (const [timeZone, starts] of [
      [
        'Europe/Berlin',
        ['2026-10-24T09:00:00+02:00', '2026-10-25T09:00:00+01:00', '2026-10-26T09:00:00+01:00'],
      ],
      [
        'America/New_York',
        ['2026-10-31T09:00:00-04:00', '2026-11-01T09:00:00-05:00', '2026-11-02T09:00:00-05:00'],
      ],
    ] as const) {
      const date = starts[0].slice(0, 10)
      const time = (at: string) => ({ dateTime: `${date}T${at}:00`, timeZone })
      const id = await create(email, {
        start: time('09:00'),
        end: time('09:30'),
        recurrence: ['RRULE:FREQ=DAILY;COUNT=3'],
      })
      const { items } = await listAll(api, { singleEvents: true, timeZone, ...october })
      const own = items.filter(event => event.recurringEventId === id)
      assert.deepEqual(
        own.map(event => event.start?.dateTime),
        [...starts],
      )
      assert.deepEqual(
        own.map(event => event.originalStartTime?.dateTime),
        [...starts],
      )
      const master = await api.events.get({ calendarId, eventId: id, timeZone })
      assert.deepEqual(master.data.recurrence, ['RRULE:FREQ=DAILY;COUNT=3'])
      const one = await api.events.get({ calendarId, eventId: own[1]?.id ?? '', timeZone })
      assert.equal(one.data.start?.dateTime, starts[1])
    }
  })

  test('an all-day event is a date in every zone, and is asked for by the days of its calendar', async () => {
    const email = 'day@example.test'
    const { api } = await connect(sandbox.url, email)
    const id = await create(email, { summary: 'Free', start: '2026-10-25', end: '2026-10-26' })
    const has = async (timeMin: string, timeMax: string) =>
      (await listAll(api, { timeMin, timeMax, timeZone: 'America/New_York' })).items.some(
        event => event.id === id && event.start?.date === '2026-10-25' && event.start.dateTime === undefined,
      )
    assert.equal(await has('2026-10-24T21:00:00Z', '2026-10-24T22:00:00Z'), false)
    assert.equal(await has('2026-10-24T22:00:00Z', '2026-10-24T22:01:00Z'), true)
    assert.equal(await has('2026-10-25T22:59:59Z', '2026-10-25T23:30:00Z'), true)
    assert.equal(await has('2026-10-25T23:00:00Z', '2026-10-26T23:00:00Z'), false)
  })

  test('an instance can be moved or cancelled, and a moved series tells which instances are gone', async () => {
    const email = 'series@example.test'
    const { api } = await connect(sandbox.url, email)
    const at = (hour: string) => ({ dateTime: `2026-10-19T${hour}:00`, timeZone: 'Europe/Berlin' })
    const id = await create(email, {
      start: at('08:00'),
      end: at('08:30'),
      recurrence: [
        'RRULE:FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20261031T235959Z',
        'EXDATE;TZID=Europe/Berlin:20261026T080000',
      ],
    })
    const query = { ...october, singleEvents: true }
    const full = await listAll(api, query)
    const own = full.items.filter(event => event.recurringEventId === id)
    assert.deepEqual(
      own.map(event => event.id),
      ['20261019T060000Z', '20261021T060000Z', '20261028T070000Z'].map(end => `${id}_${end}`),
    )

    const [first = '', second = ''] = own.map(event => event.id ?? '')
    await act(email, `/${first}/move`, { start: '2026-10-20T10:00:00Z', end: '2026-10-20T11:00:00Z' })
    await act(email, `/${second}/cancel`)
    const changed = await listAll(api, { syncToken: full.token, singleEvents: true })
    assert.deepEqual(
      changed.items.map(({ id: which, status, start, originalStartTime }) => [
        which,
        status,
        start?.dateTime,
        originalStartTime?.dateTime,
      ]),
      [
        [first, 'confirmed', '2026-10-20T12:00:00+02:00', '2026-10-19T08:00:00+02:00'],
        [second, 'cancelled', undefined, '2026-10-21T08:00:00+02:00'],
      ],
    )
    const unexpanded = (await listAll(api, october)).items.filter(event => event.id?.startsWith(id))
    assert.deepEqual(
      unexpanded.map(event => [event.id, event.status]),
      [
        [id, 'confirmed'],
        [first, 'confirmed'],
        [second, 'cancelled'],
      ],
    )

    await act(email, `/${id}/move`, { start: at('07:00'), end: at('07:30') })
    const after = await listAll(api, { syncToken: changed.token, singleEvents: true })
    const state = (status: string) =>
      after.items.filter(event => event.status === status).map(event => event.id)
    assert.deepEqual(
      state('confirmed'),
      ['20261019T050000Z', '20261021T050000Z', '20261026T060000Z', '20261028T060000Z'].map(
        end => `${id}_${end}`,
      ),
    )
    assert.ok(state('cancelled').includes(first))
    assert.ok(state('cancelled').includes(own[2]?.id ?? ''))

    await act(email, `/${id}/delete`)
    const last = await listAll(api, { syncToken: after.token, singleEvents: true })
    assert.equal(
      last.items.filter(event => event.status === 'cancelled' && event.recurringEventId === id).length >= 4,
      true,
    )
    assert.ok(last.items.every(event => event.status === 'cancelled'))
    assert.ok(!(await listAll(api, query)).items.some(event => event.recurringEventId === id))
  })

  test('free and busy: what is declined, free or cancelled does not count, and neighbours become one', async () => {
    const email = 'busy@example.test'
    const { api } = await connect(sandbox.url, email)
    const on = (from: string, to: string) => ({
      start: `2026-11-05T${from}:00Z`,
      end: `2026-11-05T${to}:00Z`,
    })
    await create(email, on('08:00', '09:00'))
    await create(email, on('09:00', '09:30'))
    await create(email, { ...on('09:15', '10:00'), eventType: 'focusTime' })
    await create(email, { ...on('11:00', '12:00'), transparency: 'transparent' })
    await create(email, {
      ...on('12:00', '13:00'),
      attendees: [{ email, self: true, responseStatus: 'declined' }],
    })
    await create(email, { ...on('13:00', '14:00'), status: 'tentative' })
    const gone = await create(email, on('15:00', '16:00'))
    await act(email, `/${gone}/cancel`)
    const requestBody = {
      timeMin: '2026-11-05T08:30:00Z',
      timeMax: '2026-11-05T20:00:00Z',
      items: [{ id: 'primary' }, { id: 'stranger@example.test' }],
    }
    const { data } = await api.freebusy.query({ requestBody })
    assert.deepEqual(data.calendars?.primary?.busy, [
      { start: '2026-11-05T08:30:00Z', end: '2026-11-05T10:00:00Z' },
      { start: '2026-11-05T13:00:00Z', end: '2026-11-05T14:00:00Z' },
    ])
    assert.equal(data.calendars?.['stranger@example.test']?.errors?.[0]?.reason, 'notFound')
    await assert.rejects(
      api.freebusy.query({ requestBody: { ...requestBody, timeMax: requestBody.timeMin } }),
      refused(400, 'timeRangeEmpty'),
    )
  })

  test('an app can ask for times without a single word of an event', async () => {
    const { api } = await connect(sandbox.url, 'demo@example.test')
    const fields = 'nextSyncToken,items(id,status,start,end/dateTime)'
    const { data } = await api.events.list({ calendarId, ...october, singleEvents: true, fields })
    assert.deepEqual(Object.keys(data).toSorted(), ['items', 'nextSyncToken'])
    assert.ok(
      data.items?.every(event =>
        Object.keys(event).every(name => ['id', 'status', 'start', 'end'].includes(name)),
      ),
    )
    await assert.rejects(api.events.list({ calendarId, fields: 'items(id' }), refused(400))

    const scope = 'https://www.googleapis.com/auth/calendar.events.freebusy'
    const sparse = await connect(sandbox.url, 'demo@example.test', { scope })
    const { items } = await listAll(sparse.api, { ...october, singleEvents: true })
    assert.ok(items.length > 20)
    assert.ok(items.every(event => event.summary === undefined && event.attendees === undefined))
  })

  test('wrong questions are refused in Google’s words', async () => {
    const { api } = await connect(sandbox.url, 'wrong@example.test')
    await assert.rejects(api.events.list({ calendarId: 'nobody@example.test' }), refused(404, 'notFound'))
    await assert.rejects(listAll(api, { orderBy: 'startTime' }), refused(400, 'badRequest'))
    await assert.rejects(listAll(api, { timeMin: '2026-10-20T00:00:00' }), refused(400, 'badRequest'))
    await assert.rejects(
      listAll(api, { timeMin: october.timeMax, timeMax: october.timeMin }),
      refused(400, 'timeRangeEmpty'),
    )
    await assert.rejects(listAll(api, { timeZone: 'Mars/Olympus' }), refused(400, 'invalid'))
    await assert.rejects(api.events.get({ calendarId, eventId: 'unknown' }), refused(404, 'notFound'))
    const { items } = await listAll(api, { ...october, orderBy: 'startTime', singleEvents: true })
    const starts = items.map(event =>
      Date.parse(event.start?.dateTime ?? `${event.start?.date}T00:00:00+02:00`),
    )
    assert.deepEqual(
      starts,
      starts.toSorted((a, b) => a - b),
    )
  })
})

test('who asks too much is refused as Google does, by count and on demand', async () => {
  const sandbox = await startSandbox({
    auto: true,
    googleQuota: { perMinute: 5, perPersonPerMinute: 3 },
    now: () => new Date('2026-10-20T09:30:00Z'),
  })
  try {
    const [one, other] = [
      await connect(sandbox.url, 'one@example.test'),
      await connect(sandbox.url, 'other@example.test'),
    ]
    const once = { retry: false }
    for (let times = 0; times < 3; times += 1) await one.api.calendarList.list({}, once)
    await assert.rejects(one.api.calendarList.list({}, once), refused(403, 'userRateLimitExceeded'))
    for (let times = 0; times < 2; times += 1) await other.api.calendarList.list({}, once)
    await assert.rejects(other.api.calendarList.list({}, once), refused(403, 'rateLimitExceeded'))
    const fault = (body: unknown) =>
      control(sandbox.url, 'faults', { target: 'google', count: 1, ...fieldsOf(body) })
    for (const [mode, reason] of [
      ['403', 'quotaExceeded'],
      ['429', 'rateLimitExceeded'],
    ] as const) {
      await fault({ mode, reason })
      await assert.rejects(other.api.calendarList.list({}, once), refused(Number(mode), reason))
    }
    await fault({ mode: '410' })
    await assert.rejects(other.api.calendarList.list({}, once), refused(410, 'fullSyncRequired'))
    await fault({ mode: '500' })
    await assert.rejects(other.api.calendarList.list({}, once), refused(500, 'backendError'))
  } finally {
    await sandbox.stop()
  }
})
