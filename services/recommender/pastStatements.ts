// What the history of an app shows of the time before oO: when more was done than an even spread would have. Only counts, told with how sure they are;
// nobody chose these moments at random, so they teach no policy anything.
import type { PastOfSource } from '@oo/integrations'
import type { Insights } from '@oo/shared-types'

type Past = NonNullable<Insights['past']>[number]

const windowHours = 2
const leastCertainty = 0.9
/** Fewer are an episode, however alike they are. */
const leastDone = 30
const days = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

export function pastStatements({ name, isPartial, done }: PastOfSource): Past {
  const history = isPartial ? `the part of your ${name} history that oO could read` : `your ${name} history`
  const byHour = countsOf(24, done, ({ hour }) => hour)
  const byDay = countsOf(7, done, ({ weekday }) => weekday - 1)
  const byWindow = byHour.map((_, from) => sum(byHour.map((times, hour) => (isIn(hour, from) ? times : 0))))
  const all = sum(byHour)
  const hours = mostOf(byWindow, all, windowHours / 24)
  const day = mostOf(byDay, all, 1 / 7)
  const statements = [
    {
      certainty: hours.certainty,
      sentence: `more than usual is done between ${hours.at} and ${(hours.at + windowHours) % 24}`,
    },
    { certainty: day.certainty, sentence: `more than usual is done on ${days[day.at]}s` },
  ]
  return {
    source: name,
    done: all,
    statements: statements
      .filter(({ certainty }) => certainty >= leastCertainty)
      .map(({ sentence, certainty }) => ({ sentence: `From ${history}: ${sentence}`, certainty })),
  }
}

const isIn = (hour: number, from: number): boolean => (hour - from + 24) % 24 < windowHours

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0)

function countsOf(
  many: number,
  done: PastOfSource['done'],
  slotOf: (one: PastOfSource['done'][number]) => number,
): number[] {
  const counts = new Array<number>(many).fill(0)
  for (const one of done) counts[slotOf(one)] = (counts[slotOf(one)] ?? 0) + one.times
  return counts
}

/** Hoeffding's bound for the fullest of all slots: how sure it is that it holds more than its share by chance. */
function mostOf(counts: readonly number[], all: number, expected: number): { at: number; certainty: number } {
  const most = Math.max(...counts)
  const above = all < leastDone ? 0 : Math.max(0, most / all - expected)
  const certainty = Math.max(0, 1 - counts.length * Math.exp(-2 * all * above ** 2))
  return { at: counts.indexOf(most), certainty }
}
