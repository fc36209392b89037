// The sketches of what is in memory, each made once: it costs far more to make one than to compare two.
import type { Random } from '@oo/kernel'
import type { Worded } from './decided.ts'
import { sketch } from './likeness.ts'

/** A card is the same words for everybody, and a different sketch for each. */
const mostPeopleEach = 256

export interface Sketches {
  /** Under a key of this process: for words that are compared now and never stored. */
  passing(wording: Worded): Buffer
  /** Under the person's own key: to be compared with what is stored. */
  own(wording: Worded, personId: string, key: Buffer): Buffer
}

export function openSketches(random: Random): Sketches {
  const key = random.bytes(32)
  const passing = new WeakMap<Worded, Buffer>()
  const own = new WeakMap<Worded, Map<string, Buffer>>()
  return {
    passing(wording) {
      const made = passing.get(wording) ?? sketch(wording.text, key)
      passing.set(wording, made)
      return made
    },
    own(wording, personId, personKey) {
      const ofPeople = own.get(wording) ?? new Map<string, Buffer>()
      const made = ofPeople.get(personId) ?? sketch(wording.text, personKey)
      ofPeople.delete(personId)
      ofPeople.set(personId, made)
      for (const oldest of ofPeople.keys()) {
        if (ofPeople.size <= mostPeopleEach) break
        ofPeople.delete(oldest)
      }
      own.set(wording, ofPeople)
      return made
    },
  }
}
