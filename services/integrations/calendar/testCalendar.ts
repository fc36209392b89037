// For tests: people with a calendar at the sandbox, and the times oO keeps of it.
import { type House, type HouseSettings, openHouse, requestBy, type Someone } from '../testHouse.ts'

export const source = 'google-calendar'
const minuteMs = 60_000

export type CalendarHouse = Awaited<ReturnType<typeof openCalendarHouse>>

export async function openCalendarHouse(settings: HouseSettings = {}) {
  const house: House = await openHouse(settings)
  // A new subscriber begins at the end of the log.
  await house.events.drain()
  // On a full minute, as appointments are.
  const over = house.clock.now().getTime() % minuteMs
  house.clock.advance(minuteMs - over)

  const at = (minutes: number) => new Date(house.clock.now().getTime() + minutes * minuteMs)
  const calendar = {
    ...house,
    at,
    google: <T = { id: string }>({ email }: Someone, path: string, body?: object) =>
      house.control<T>(`google/${email}/${path}`, body),
    /** From and until in minutes from now. */
    add: (someone: Someone, from: number, until: number, more: object = {}) =>
      calendar.google(someone, 'events', {
        summary: 'A secret meeting',
        start: { dateTime: at(from).toISOString() },
        end: { dateTime: at(until).toISOString() },
        ...more,
      }),

    /** Someone whose calendar has nothing in it but what a test adds. */
    async person(timeZone?: string): Promise<Someone> {
      const someone = await house.person(undefined, timeZone)
      const { events } = await calendar.google<{
        events: { id: string; status: string; recurringEventId?: string }[]
      }>(someone, 'events')
      for (const { id, status, recurringEventId } of events)
        if (status !== 'cancelled' && !recurringEventId)
          await calendar.google(someone, `events/${id}/delete`, {})
      return someone
    },

    async connected(timeZone?: string): Promise<Someone> {
      const someone = await calendar.person(timeZone)
      await house.connect(someone, { source })
      return someone
    },

    look: ({ id: personId }: Someone) =>
      house.looks.at({ personId, source, signal: AbortSignal.timeout(10_000) }),

    /** In minutes from now, by their beginning. */
    kept: async ({ id }: Someone): Promise<{ from: number; until: number; allDay: boolean }[]> => {
      const rows = await house.rows(
        'SELECT starts_at, ends_at, all_day FROM integrations.busy_times WHERE person_id = $1 ORDER BY starts_at',
        [id],
      )
      const minutes = (when: Date) => Math.round((when.getTime() - house.clock.now().getTime()) / minuteMs)
      return rows.map(row => ({
        from: minutes(row.starts_at),
        until: minutes(row.ends_at),
        allDay: row.all_day,
      }))
    },

    calendarRow: async ({ id }: Someone) =>
      (await house.rows('SELECT * FROM integrations.calendars WHERE person_id = $1', [id]))[0],

    grantRow: async ({ id }: Someone) =>
      (
        await house.rows(
          `SELECT * FROM integrations.grants WHERE person_id = $1 AND provider = '${source}'`,
          [id],
        )
      )[0],

    withdraw: async (someone: Someone, purpose: 'sync' | 'calendar') => house.withdrawSync(someone, purpose),

    /** Which of these words lie anywhere in the database: every row of every table, as text and as its bytes. */
    async found(words: readonly string[]): Promise<string[]> {
      const tables = await house.rows(
        `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
          WHERE table_schema IN ('integrations', 'events', 'jobs', 'profile') AND table_type = 'BASE TABLE'`,
      )
      const found = new Set<string>()
      for (const { name } of tables)
        for (const word of words) {
          const bytes = Buffer.from(word).toString('hex')
          const hits = await house.rows(
            `SELECT FROM ${name} AS t WHERE position($1 in t::text) > 0 OR position($2 in t::text) > 0 LIMIT 1`,
            [word, bytes],
          )
          if (hits.length > 0) found.add(word)
        }
      return [...found]
    },

    /** What the engine hears of it, some minutes from now. */
    async busy({ id }: Someone, minutes = 0) {
      house.clock.advance(minutes * minuteMs)
      const { busy, freeMin } = await house.door.contextOf(id, new Set(['calendar']))
      house.clock.advance(-minutes * minuteMs)
      return { busy, freeMin }
    },

    standing: async (someone: Someone) => {
      const answer = await house.module.handlers.listIntegrations(requestBy<'listIntegrations'>(someone, {}))
      return answer.body.integrations.find(({ id }) => id === source)
    },
  }
  return calendar
}
