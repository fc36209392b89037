// A person's current answer and what is remembered of their items, kept until somebody changes them.
import { type Clock, type Memory, openMemory, type Pool, type Random } from '@oo/kernel'
import type { Remembered } from './remembered.ts'
import { openSketches, type Sketches } from './sketches.ts'
import type { CurrentAnswer } from './store/answers.ts'
import type { PolicyRow } from './store/policies.ts'

const maxPeople = 10_000

/** Told to every process when these changed for a person. */
export const answerTopic = 'recommender.answer'
export const itemsTopic = 'recommender.items'
/** Told when another policy decides for somebody; under one id, because there is one ladder. */
export const policiesTopic = 'recommender.policies'

export interface Memories {
  answers: Memory<CurrentAnswer | null>
  items: Memory<Remembered>
  deciding: Memory<PolicyRow[]>
  sketches: Sketches
}

interface Given {
  db: Pool
  clock: Clock
  random: Random
}

export const openMemories = ({ db, clock, random }: Given): Memories => ({
  answers: openMemory(db, { topic: answerTopic, most: maxPeople, clock }),
  items: openMemory(db, { topic: itemsTopic, most: maxPeople, clock }),
  deciding: openMemory(db, { topic: policiesTopic, most: 1, clock }),
  sketches: openSketches(random),
})
