import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import type { BusyTimes, OpenTasks } from '@oo/integrations'
import { likeness, nearlySame, sketch } from '../likeness.ts'
import { calendar } from './calendar.ts'
import type { Moment, SourceCtx } from './source.ts'

const tuesday = '2026-03-10'
const nothingOpen: OpenTasks = { state: 'none', tasks: [] }

/** A day's times, each from and until on the clock in UTC. */
const times = (...of: [string, string][]): BusyTimes[] =>
  of.map(([from, until]) => ({
    startsAt: new Date(`${tuesday}T${from}:00Z`),
    endsAt: new Date(`${tuesday}T${until}:00Z`),
    allDay: false,
  }))

const ctxOf = (busy: readonly BusyTimes[] | null): SourceCtx => ({
  integrations: {
    itemOf: () => assert.fail('asked'),
    stateOf: () => assert.fail('asked'),
    busyTimesOf: async () => busy,
  },
})

const at = (time: string, more: Partial<Moment> = {}): Moment => ({
  ...{
    now: new Date(time.length > 5 ? time : `${tuesday}T${time}:00Z`),
    timeZone: 'UTC',
    open: nothingOpen,
    freeMin: null,
  },
  ...more,
})

async function offered(busy: readonly BusyTimes[] | null, moment: Moment) {
  const { candidates } = await calendar.gather(ctxOf(busy), 'somebody', moment)
  return candidates
}
const ids = async (busy: readonly BusyTimes[] | null, moment: Moment) =>
  (await offered(busy, moment)).map(({ externalId }) => externalId)

const taskOf = (effortMin: number | null): OpenTasks => ({
  state: 'connected',
  tasks: [
    {
      ...{ source: 'todoist', externalId: 'a', text: 'Call', url: null },
      attributes: { priority: 1, due: null, createdAt: null, effortMin, recurring: false },
    },
  ],
})

test('a meeting is prepared for from 20 to 5 minutes before it, not in another one', async () => {
  const day = times(['14:30', '15:00'])
  const found = await Promise.all(
    ['14:09', '14:10', '14:25', '14:26', '14:30'].map(time => ids(day, at(time))),
  )
  assert.deepEqual(found, [[], ['prepare'], ['prepare'], [], []])
  assert.deepEqual(await ids(times(['14:30', '15:00'], ['14:00', '14:20']), at('14:15')), [])
})

test('its words say when, on the clock of the person, and nothing else of it', async () => {
  const day = times(['14:30', '15:00'])
  const [candidate] = await offered(day, at('14:15', { timeZone: 'Asia/Kolkata' }))
  assert.equal(
    candidate?.words.text,
    'Your next appointment begins at 20:00. Get ready what it needs, and leave in time if it is elsewhere.',
  )
  assert.deepEqual(candidate?.until, new Date(`${tuesday}T14:30:00Z`))
})

test('what is scored, and so logged, of an appointment is the same whenever it begins', async () => {
  const scored = async (begins: string) =>
    (await offered(times([begins, '16:00']), at('14:15'))).map(({ attributes }) => attributes)
  const [first] = await scored('14:21')
  assert.deepEqual(first?.due, { date: tuesday, time: `${tuesday}T14:20:00.000Z` })
  assert.deepEqual(await scored('14:35'), [first])
})

test('on the days the clocks change, minutes are minutes and the time is what the clock shows', async () => {
  const changes = [
    // 01:59 is followed by 03:00.
    { now: '2026-03-29T00:50:00Z', begins: '2026-03-29T01:05:00Z', shown: '03:05' },
    // 02:59 is followed by 02:00.
    { now: '2026-10-25T00:50:00Z', begins: '2026-10-25T01:05:00Z', shown: '02:05' },
  ]
  for (const { now, begins, shown } of changes) {
    const endsAt = new Date(Date.parse(begins) + 1_800_000)
    const day = [{ startsAt: new Date(begins), endsAt, allDay: false }]
    const [candidate] = await offered(day, at(now, { timeZone: 'Europe/Berlin' }))
    assert.match(candidate?.words.text ?? '', new RegExp(`begins at ${shown}`))
    const before = new Date(Date.parse(begins) - 21 * 60_000).toISOString()
    assert.deepEqual(await ids(day, at(before, { timeZone: 'Europe/Berlin' })), [])
  }
})

test('after 90 minutes without a breath there is a break, for 20 minutes', async () => {
  const block = times(['09:00', '09:45'], ['09:45', '10:15'], ['10:20', '10:45'])
  const found = await Promise.all(['10:44', '10:45', '11:05', '11:06'].map(time => ids(block, at(time))))
  assert.deepEqual(found, [[], ['recover'], ['recover'], []])
  assert.deepEqual(await ids(times(['09:00', '10:29']), at('10:35')), [], 'too short')
  const breath = times(['09:00', '10:00'], ['10:06', '10:45'])
  assert.deepEqual(await ids(breath, at('10:50')), [], 'there was a breath')
  const before = times(['09:00', '10:45'], ['10:55', '11:00'])
  assert.deepEqual(await ids(before, at('10:51')), [], 'the next one begins at once')
})

test('a gap of 20 minutes or more between two appointments is for a task that fits, or a break', async () => {
  const day = times(['13:30', '14:00'], ['14:40', '15:00'])
  assert.deepEqual(await ids(day, at('14:05')), ['gap-break'])
  assert.deepEqual(await ids(day, at('14:05', { open: taskOf(30) })), ['gap-task', 'gap-break'])
  assert.deepEqual(await ids(day, at('14:05', { open: taskOf(60) })), ['gap-break'])
  assert.deepEqual(await ids(day, at('14:05', { open: taskOf(null) })), ['gap-task', 'gap-break'])
  assert.deepEqual(await ids(day, at('14:21')), ['prepare'], 'the gap is too short by now')
  assert.deepEqual(await ids(times(['14:40', '15:00']), at('14:05')), [], 'nothing before it')
  assert.deepEqual(await ids(times(['13:30', '14:00']), at('14:05')), [], 'nothing after it')
  assert.deepEqual(
    await ids(times(['13:30', '14:00'], ['18:00', '19:00']), at('14:05')),
    [],
    'a free afternoon',
  )
})

test('a day that is taken as a whole is no appointment, and takes the day', async () => {
  const whole = {
    startsAt: new Date(`${tuesday}T00:00:00Z`),
    endsAt: new Date('2026-03-11T00:00:00Z'),
    allDay: true,
  }
  assert.deepEqual(await ids([whole, ...times(['14:30', '15:00'])], at('14:15')), [])
  const tomorrow = { ...whole, startsAt: whole.endsAt, endsAt: new Date('2026-03-12T00:00:00Z') }
  assert.deepEqual(await ids([tomorrow], at('23:50')), [], 'nothing begins at midnight')
})

test('what nobody knows offers nothing', async () => {
  assert.deepEqual(await ids(null, at('14:15')), [])
  assert.deepEqual(await ids([], at('14:15')), [])
})

test('a tip about an appointment is over when that begins, is moved by a minute, or is not known any more', async () => {
  const isOver = (busy: readonly BusyTimes[] | null, id: string, time: string, made = '14:30') =>
    calendar.isOver(
      ctxOf(busy),
      'p',
      { source: 'calendar', externalId: id, expiresAt: new Date(`${tuesday}T${made}:00Z`) },
      at(time),
    )
  const day = times(['14:30', '15:00'])
  assert.equal(await isOver(day, 'prepare', '14:15'), false)
  assert.equal(await isOver(day, 'prepare', '14:28'), false, 'it is still before it')
  assert.equal(await isOver(day, 'prepare', '14:30'), true)
  for (const moved of ['14:29', '14:31', '14:35', '16:30'])
    assert.equal(await isOver(times([moved, '17:00']), 'prepare', '14:15'), true, moved)
  assert.equal(
    await isOver(times(['14:30', '15:30']), 'prepare', '14:15'),
    false,
    'its beginning is the same',
  )
  assert.equal(await isOver(null, 'prepare', '14:15'), true)
  assert.equal(await isOver(day, 'nothing-of-the-kind', '14:15'), true)
  const gap = (until: string) => times(['13:30', '14:00'], [until, '16:00'])
  for (const id of ['gap-task', 'gap-break']) {
    assert.equal(await isOver(gap('15:00'), id, '14:05', '15:00'), false)
    assert.equal(await isOver(gap('14:50'), id, '14:05', '15:00'), true, 'less time than it says')
    assert.equal(await isOver(gap('15:10'), id, '14:05', '15:00'), true, 'more time than it says')
  }
  const block = (until: string) => times(['12:00', until])
  assert.equal(await isOver(block('14:00'), 'recover', '14:05', '14:20'), false)
  assert.equal(await isOver(block('13:50'), 'recover', '14:05', '14:20'), true, 'it ended sooner')
})

test('as long as nothing is moved, what is offered holds to its end', async () => {
  const day = times(['12:00', '13:55'], ['14:40', '15:00'])
  const ends: Record<string, string> = {
    prepare: '14:39',
    recover: '14:14',
    'gap-task': '14:39',
    'gap-break': '14:39',
  }
  const all = [
    ...(await offered(day, at('14:00', { open: taskOf(10) }))),
    ...(await offered(day, at('14:30'))),
  ]
  assert.deepEqual(all.map(({ externalId }) => externalId).sort(), Object.keys(ends).sort())
  for (const { externalId, until } of all) {
    const tip = { source: 'calendar', externalId, expiresAt: until ?? assert.fail(externalId) }
    assert.equal(await calendar.isOver(ctxOf(day), 'p', tip, at(ends[externalId] ?? '')), false, externalId)
  }
  const long = times(['10:00', '11:00'], ['14:40', '15:00'])
  const [found] = await offered(long, at('13:55'))
  const tip = { source: 'calendar', externalId: 'gap-break', expiresAt: found?.until ?? assert.fail('a gap') }
  assert.equal(
    await calendar.isOver(ctxOf(long), 'p', tip, at('14:05')),
    false,
    'what was before it is long ago',
  )
})

test('a kind that was refused is known by its words, whatever time they said, and the kinds are not alike', async () => {
  const key = randomBytes(32)
  const busy = times(['12:00', '13:55'], ['14:30', '15:00'])
  const [all, prepare] = await Promise.all([
    offered(busy, at('14:05', { open: taskOf(10) })),
    offered(busy, at('14:15')),
  ])
  const candidates = [...all, ...prepare.filter(({ externalId }) => externalId === 'prepare')]
  assert.equal(candidates.length, 4)
  for (const one of candidates)
    for (const other of candidates) {
      const how = likeness(sketch(one.words.text, key), sketch(other.wording.text, key))
      assert.equal(how >= nearlySame, one === other, `${one.id} and ${other.id}: ${how.toFixed(2)}`)
    }
})

test('the words fit the page, in the voice of the library', async () => {
  const busy = times(['12:00', '13:55'], ['14:30', '15:00'])
  const all = [
    ...(await offered(busy, at('14:05', { open: taskOf(10) }))),
    ...(await offered(busy, at('14:15'))),
  ]
  for (const { words } of all) {
    assert.ok(words.text.length >= 20 && words.text.length <= 105, words.text)
    assert.doesNotMatch(
      words.text,
      /\b(must|should|need to|have to|don’t|never|just|simply|remember to|make sure)\b|!/i,
    )
  }
})
