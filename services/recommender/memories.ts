// A person's current answer and what is remembered of their items, kept until somebody changes them.
import { type Clock, type Memory, openMemory, type Pool } from '@oo/kernel'
import type { CurrentAnswer } from './store/answers.ts'
import type { ItemRow } from './store/items.ts'

const maxPeople = 10_000

/** Told to every process when these changed for a person. */
export const answerTopic = 'recommender.answer'
export const itemsTopic = 'recommender.items'

export interface Memories {
  answers: Memory<CurrentAnswer | null>
  items: Memory<Map<string, ItemRow>>
}

export const openMemories = ({ db, clock }: { db: Pool; clock: Clock }): Memories => ({
  answers: openMemory(db, { topic: answerTopic, most: maxPeople, clock }),
  items: openMemory(db, { topic: itemsTopic, most: maxPeople, clock }),
})
