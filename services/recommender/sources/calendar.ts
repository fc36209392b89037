// What the calendar makes of a moment: prepare, recover, use the gap. oO knows when, never what, so the words are its
// own. Leaving in time is a half of preparing, because where an appointment is, is not asked for either.
import type { OpenTask } from '@oo/integrations'
import type { Theme } from '../advice/card.ts'
import type { Candidate, Words } from '../decided.ts'
import { localDate, localTime } from '../localClock.ts'
import { type CalendarMoments, calendarMoments } from './calendarMoments.ts'
import type { Moment, Source } from './source.ts'
import { hasBegun } from './tasks.ts'

const name = 'calendar'

interface Offer {
  id: string
  theme: Theme
  effortMin: number
  /** `when`: a time of day, on the person's clock. */
  text(when: string): string
  /** When it is over, and the time it speaks of; null where it does not fit. `isDue`: its moment is now. */
  fits(
    moments: CalendarMoments,
    moment: Pick<Moment, 'open' | 'now' | 'timeZone'>,
  ): { until: Date; isDue?: true } | null
  /** Where it is shown: when it is over, for longer than it is worth beginning; undefined where it is over. */
  holdsUntil(moments: CalendarMoments): Date | undefined
}

const minuteMs = 60_000
/** What a task without a length is taken for. */
const usualMin = 25

const offers: readonly Offer[] = [
  {
    id: 'prepare',
    theme: 'plan',
    effortMin: 5,
    text: when =>
      `Your next appointment begins at ${when}. Get ready what it needs, and leave in time if it is elsewhere.`,
    fits: ({ prepare }) => prepare && { until: prepare.startsAt, isDue: true },
    holdsUntil: ({ next }) => next?.startsAt,
  },
  {
    id: 'recover',
    theme: 'break',
    effortMin: 5,
    text: () => 'That was a long stretch of appointments. Five minutes of nothing are yours now.',
    fits: ({ recover }) => recover,
    holdsUntil: ({ recover }) => recover?.until,
  },
  {
    id: 'gap-task',
    theme: 'focus',
    effortMin: 20,
    text: when => `Nothing is planned until ${when}. That is enough for one of your shorter tasks.`,
    fits({ gap }, moment) {
      const fitsIn = ({ attributes }: OpenTask) => (attributes.effortMin ?? usualMin) <= (gap?.freeMin ?? 0)
      return moment.open.tasks.some(task => hasBegun(task, moment) && fitsIn(task)) ? gap : null
    },
    holdsUntil: ({ next }) => next?.startsAt,
  },
  {
    id: 'gap-break',
    theme: 'break',
    effortMin: 10,
    text: when => `Free time until ${when}: ten minutes of it can be a break, away from every screen.`,
    fits: ({ gap }) => gap,
    holdsUntil: ({ next }) => next?.startsAt,
  },
]

const byId = new Map(offers.map(offer => [offer.id, offer]))
/** Said without a time where the time is not known any more; also what is compared with what was refused. */
const wordings = new Map(offers.map(offer => [offer, { text: offer.text('its time') }]))
const wordingOf = (offer: Offer) => wordings.get(offer) ?? { text: offer.text('its time') }

export const calendar: Source = {
  name,
  kind: 'advice',
  places: 3,
  leftOver: 'less_pressing',
  consent: 'calendar',
  hasProvider: false,
  async gather(ctx, personId, moment) {
    const times = await ctx.integrations.busyTimesOf(personId, moment.now)
    if (times === null) return { candidates: [], unfit: 0 }
    const moments = calendarMoments(times, moment.now)
    const candidates = offers.flatMap(offer => {
      const fit = offer.fits(moments, moment)
      return fit ? [candidateOf(offer, fit, moment)] : []
    })
    return { candidates, unfit: offers.length - candidates.length }
  },
  order: candidates => [...candidates],
  wordsOf(_ctx, _personId, { externalId }, until): Words | undefined {
    const offer = byId.get(externalId)
    const text = until && offer?.text(localTime(until.at, until.timeZone))
    return offer && { text: text ?? wordingOf(offer).text, url: null, due: null }
  },
  endsWithMoment: true,
  /** An appointment that was moved, by a minute too, or cancelled takes the tip that says its time along. */
  async isOver(ctx, personId, { externalId, expiresAt }, { now }) {
    const times = await ctx.integrations.busyTimesOf(personId, now)
    const until = times && byId.get(externalId)?.holdsUntil(calendarMoments(times, now))
    return until?.getTime() !== expiresAt.getTime()
  },
  themeOf: externalId => byId.get(externalId)?.theme ?? null,
}

function candidateOf(
  offer: Offer,
  fit: { until: Date; isDue?: true },
  { now, timeZone }: Pick<Moment, 'now' | 'timeZone'>,
): Candidate {
  const { id, theme, effortMin } = offer
  // There is just the time left that it takes: what is logged of how near the appointment is would tell when it is.
  const dueAt = new Date(now.getTime() + effortMin * minuteMs)
  const due = fit.isDue && { date: localDate(dueAt, timeZone), time: dueAt.toISOString() }
  return {
    id: `${name}:${id}`,
    source: name,
    externalId: id,
    kind: 'advice',
    theme,
    words: { text: offer.text(localTime(fit.until, timeZone)), url: null, due: null },
    wording: wordingOf(offer),
    until: fit.until,
    attributes: { theme, effortMin, ...(due && { due }) },
  }
}
