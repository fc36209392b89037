// What an advice card is. How one is written and reviewed: docs/architecture/advice-library.md.
import type { StudyId } from './studies.ts'

export const themes = ['plan', 'focus', 'break', 'social', 'reflect', 'move', 'rest', 'tidy'] as const
export type Theme = (typeof themes)[number]

export interface Card {
  /** Stands in decision logs and never-lists: once released it keeps its meaning for good. */
  id: string
  text: string
  theme: Theme
  effortMin: number
  /** All of them hold, or the card is not shown; none: it suits any moment. */
  when?: Conditions
  /** Where the text claims an effect, or is a technique that was studied: what it rests on. */
  evidence?: readonly StudyId[]
  /** What an editor has to keep in mind when changing the text. */
  safety?: string
}

/** A card as its theme's file holds it. */
export type Written = Omit<Card, 'theme'>

/** Only what the engine knows of a moment. What is unknown fits no condition that asks for it. */
export interface Conditions {
  /** From the first hour up to, not including, the second, on the person's clock; may pass midnight. */
  hours?: readonly [from: number, until: number]
  weekdays?: readonly Weekday[]
  openTasks?: Range
  overdue?: Range
  dueToday?: Range
  /** Minutes until the next appointment. */
  freeMin?: Range
}

export interface Range {
  atLeast?: number
  atMost?: number
}

/** 1 is Monday, 7 is Sunday. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7
