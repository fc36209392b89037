import { createHash } from 'node:crypto'

/** The same numbers for the same seed, in every life. */
export function randomFrom(seed: string): { next(): number; pick<T>(items: readonly T[], otherwise: T): T } {
  let state = createHash('sha256').update(seed).digest().readUInt32BE(0)
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  return { next, pick: (items, otherwise) => items[Math.floor(next() * items.length)] ?? otherwise }
}
