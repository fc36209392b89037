import { type Fields, fieldsOf, listOf, textOf } from '../read.ts'
import { type Calendar, type CalendarAccount, calendarOf, type House } from './account.ts'
import { required } from './errors.ts'
import { isBusy } from './events.ts'
import { windowFrom, zoneFrom } from './list.ts'
import { instantOf, rfc3339 } from './moments.ts'
import { allRows } from './rows.ts'

const maxCalendars = 50

type Busy = { start: number; end: number }

/** Taken times within the window, in order; what touches or overlaps is one. */
function busyIn(calendar: Calendar, from: number, to: number, house: House): Busy[] {
  const wanted = { window: { from, to }, singleEvents: true, showDeleted: false, keep: isBusy }
  const taken: Busy[] = []
  for (const { event } of allRows(calendar, wanted, house).sort((a, b) => a.at - b.at)) {
    const start = Math.max(from, instantOf(event.start, calendar.zone))
    const end = Math.min(to, instantOf(event.end, calendar.zone))
    const before = taken.at(-1)
    if (end <= start) continue
    if (before && start <= before.end) before.end = Math.max(before.end, end)
    else taken.push({ start, end })
  }
  return taken
}

export function freeBusy(account: CalendarAccount, body: Fields, house: House): Fields {
  for (const name of ['timeMin', 'timeMax']) if (textOf(body[name]) === undefined) throw required(name)
  const { from, to } = windowFrom(body)
  const utc = house.zones('UTC')
  const shown = utc && zoneFrom(body, utc, house)
  const ids = listOf(body.items).map(item => textOf(fieldsOf(item).id) ?? '')
  const refused = (reason: string) => ({ errors: [{ domain: 'global', reason }], busy: [] })
  const answers = ids.map((id, index) => {
    if (index >= maxCalendars) return [id, refused('tooManyCalendarsRequested')]
    const calendar = calendarOf(account, id)
    if (!calendar || !shown) return [id, refused('notFound')]
    const busy = busyIn(calendar, from, to, house)
    return [
      id,
      { busy: busy.map(({ start, end }) => ({ start: rfc3339(start, shown), end: rfc3339(end, shown) })) },
    ]
  })
  return {
    kind: 'calendar#freeBusy',
    timeMin: new Date(from).toISOString(),
    timeMax: new Date(to).toISOString(),
    calendars: Object.fromEntries(answers),
  }
}
