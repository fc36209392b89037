// The clock and the calendar of a person, where they are.

/** Making a formatter costs a hundred times its use; there are only as many as the world has zones. */
function inZones(
  locale: string,
  options: Intl.DateTimeFormatOptions,
): (at: Date, timeZone: string) => string {
  const made = new Map<string, Intl.DateTimeFormat>()
  const formatOf = (timeZone: string) => {
    const known = made.get(timeZone) ?? new Intl.DateTimeFormat(locale, { ...options, timeZone })
    made.set(timeZone, known)
    return known
  }
  return (at, timeZone) => formatOf(timeZone).format(at)
}

/** As 2026-03-29. */
export const localDate = inZones('en-CA', { year: 'numeric', month: '2-digit', day: '2-digit' })

/** As 09:05. */
export const localTime = inZones('en-GB', { hour: '2-digit', minute: '2-digit' })

const hourOf = inZones('en-u-nu-latn', { hourCycle: 'h23', hour: 'numeric' })

/** 0 to 23. */
export const localHour = (at: Date, timeZone: string): number => Number(hourOf(at, timeZone))

/** Of a date: 0 is Sunday. */
export const weekdayOf = (date: string): number => new Date(`${date}T00:00:00Z`).getUTCDay()
