// How alike two texts are, told from 64 bytes of each instead of the words: character n-grams, a keyed hash,
// and the smallest hash of each of 128 rounds (MinHash), of which four bits are kept.
//
// What a sketch reveals. Without the key: that two sketches of one person are alike, no more. With the key: a guess
// can be confirmed, and a patient search can find the text. So it is personal data, sealed like text.
import { createCipheriv } from 'node:crypto'

const keyBytes = 32
const gramLength = 4
/** A text of this many characters is a provider's longest; more would only cost time. */
const mostCharacters = 500
const rounds = 128
/** Of 16 bits each, in a block of 16 bytes. */
const hashesPerBlock = 8
const sketchBytes = rounds / 2
/** Two unlike texts share a kept value of four bits this often. */
const chance = 1 / 16

/** At or above this, two texts say the same thing in nearly the same words; `likeness.test.ts` has the figures. */
export const nearlySame = 0.45

/** The key is one person's and serves nothing else: sketches under different keys say nothing about each other. */
export function sketch(text: string, key: Buffer): Buffer {
  if (key.length !== keyBytes) throw new Error(`a sketch's key has ${keyBytes} bytes, not ${key.length}`)
  const smallest = new Uint16Array(rounds).fill(0xffff)
  const hashes = keyedHashes(gramsOf(text), key)
  for (let at = 0; at < hashes.length; at += rounds) {
    for (let round = 0; round < rounds; round++) {
      const hash = hashes[at + round] ?? 0xffff
      if (hash < (smallest[round] ?? 0)) smallest[round] = hash
    }
  }
  const kept = Buffer.alloc(sketchBytes)
  for (let at = 0; at < sketchBytes; at++) {
    kept[at] = (((smallest[2 * at] ?? 0) & 15) << 4) | ((smallest[2 * at + 1] ?? 0) & 15)
  }
  return kept
}

/** How many of a byte's two halves are zero: two kept values that agree leave a zero half. */
const sameHalves = Uint8Array.from({ length: 256 }, (_, byte) => Number(byte < 16) + Number(byte % 16 === 0))

/** 0 for unlike, 1 for the same: the share of n-grams that two texts have in common (Jaccard), give or take 0.1. */
export function likeness(a: Buffer, b: Buffer): number {
  if (a.length !== sketchBytes || b.length !== sketchBytes) throw new Error('not a sketch')
  let same = 0
  for (let at = 0; at < sketchBytes; at++) same += sameHalves[(a[at] ?? 0) ^ (b[at] ?? 0)] ?? 0
  return Math.max(0, (same / rounds - chance) / (1 - chance))
}

/** Case, accents, punctuation and width do not count; word boundaries do. */
function gramsOf(text: string): string[] {
  const plain = text.slice(0, mostCharacters).normalize('NFKD').toLowerCase().replace(/\p{M}/gu, '')
  const words = plain.replace(/['’]/g, '').match(/[\p{L}\p{N}]+/gu) ?? [plain.trim()]
  const line = ` ${words.join(' ')} `
  const grams = new Set<string>()
  for (let at = 0; at === 0 || at + gramLength <= line.length; at++)
    grams.add(line.slice(at, at + gramLength))
  return [...grams]
}

/**
 * AES as the keyed hash: a gram and the number of its block are one input, so one call hashes a whole text. Equal
 * inputs are meant to give equal outputs here, which is all that ECB does.
 */
function keyedHashes(grams: string[], key: Buffer): Uint16Array {
  const blocksPerGram = rounds / hashesPerBlock
  const input = new Uint16Array(grams.length * rounds)
  grams.forEach((gram, which) => {
    for (let block = 0; block < blocksPerGram; block++) {
      const at = which * rounds + block * hashesPerBlock
      input[at] = block
      for (let unit = 0; unit < gram.length; unit++) input[at + 1 + unit] = gram.charCodeAt(unit)
    }
  })
  const output = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false).update(input)
  return new Uint16Array(output.buffer, output.byteOffset, output.length / 2)
}
