import { randomBytes } from 'node:crypto'

export interface Random {
  bytes(length: number): Buffer
  /** Uniform in [0, 1). */
  next(): number
}

/** Ids and draws take a few bytes each; asking for them one by one costs more than all else about them. */
const few = { pool: 4_096, most: 16 }

export const systemRandom: Random = openSystemRandom()

function openSystemRandom(): Random {
  let pool = Buffer.alloc(0)
  let used = 0
  // Nothing is given out twice, and what was given out does not stay here.
  const draw = (length: number): Buffer => {
    if (used + length > pool.length) {
      pool = randomBytes(few.pool)
      used = 0
    }
    const drawn = Buffer.from(pool.subarray(used, used + length))
    pool.fill(0, used, used + length)
    used += length
    return drawn
  }
  const bytes = (length: number) => (length <= few.most ? draw(length) : randomBytes(length))
  return { bytes, next: () => draw(6).readUIntBE(0, 6) / 2 ** 48 }
}

/** Repeatable chance (mulberry32): for tests, and for draws that have to come out the same again. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    next,
    bytes: length => Buffer.from(Array.from({ length }, () => Math.floor(next() * 256))),
  }
}

/** 256 bits that nobody can guess, fit for an address or a cookie. */
export const secretToken = (random: Random): string => random.bytes(32).toString('base64url')
