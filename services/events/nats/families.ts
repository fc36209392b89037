// Which stream an event belongs to and under which subject. People hash to partitions, so that consumers can share
// the work and keep each person's order, and so that a person's messages are found without reading a whole stream.
import { createHash } from 'node:crypto'
import type { Subject } from '../door.ts'

export interface Family {
  /** The first word of its subjects. */
  name: string
  stream: string
  subjects: readonly Subject[]
}

/** A power of two that divides 256: a partition is the low bits of one byte of a hash. */
export const partitions = 64

export function familiesOf(subjects: readonly Subject[]): Family[] {
  const groups = Map.groupBy(subjects, subject => subject.slice(0, subject.indexOf('.')))
  return [...groups].map(([name, own]) => ({ name, stream: `oo-${name}`, subjects: own }))
}

/** `p0` to `p63`: the first byte of the SHA-256 of the person's id; events of nobody hash the empty text. */
export function partitionOf(personId: string): string {
  const [byte = 0] = createHash('sha256').update(personId).digest()
  return `p${byte % partitions}`
}

export const subjectOf = (event: { type: string; personId: string }): string =>
  `${event.type}.${partitionOf(event.personId)}`
