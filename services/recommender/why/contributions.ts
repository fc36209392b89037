// What is kept of a decision so that it can be explained: the chosen row of contributions and the candidates' average.
import { packFloats, unpackFloats } from '../floats.ts'

interface Scored {
  chosen: { id: string } | null
  /** A row per candidate. */
  contributions: number[][]
}

/** Null where nothing was chosen, or nothing was scored. */
export function contributionsOf(
  { chosen, contributions }: Scored,
  candidates: readonly { id: string }[],
): Buffer | null {
  const row = contributions[candidates.findIndex(({ id }) => id === chosen?.id)]
  if (!row) return null
  const typical = row.map((_, column) => meanOf(contributions.map(one => one[column] ?? 0)))
  return packFloats([...row, ...typical])
}

const meanOf = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** Of the chosen one, and of all on average, by column. */
export function openContributions(kept: Buffer): { own: number[]; typical: number[] } {
  const floats = unpackFloats(kept)
  return { own: floats.slice(0, floats.length / 2), typical: floats.slice(floats.length / 2) }
}
