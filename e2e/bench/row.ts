import type { MeasureId } from './args.ts'

/** A bar and whether this run cleared it. */
export interface Bar {
  text: string
  met: boolean
}

/** One line of the table, and of the JSON. */
export interface Row {
  id: MeasureId
  what: string
  figure: string
  ratio: string
  must: Bar
  goal: Bar
  /** The laps behind the figure, by contender. */
  laps: Record<string, readonly unknown[]>
  notes: string[]
}

/** Several conditions of one bar, all of which must hold. */
export function bar(...parts: { text: string; met: boolean }[]): Bar {
  return { text: parts.map(part => part.text).join(', '), met: parts.every(part => part.met) }
}

export const timesBare = (ratio: number): string => `${significant(ratio)} × bare`
export const timesNaive = (ratio: number): string => `${significant(ratio)} × naive`

export const perSecond = (value: number): string => `${Math.round(value).toLocaleString('en')}/s`
export const milliseconds = (value: number): string => `${significant(value)} ms`

export const significant = (value: number): string =>
  value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(2)))
