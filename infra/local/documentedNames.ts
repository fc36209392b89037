import { readFileSync } from 'node:fs'

/** The environment names that a `.env.example` documents; `<ID>` in a name stands for any id. */
export function documentedNames(path: string): string[] {
  const names: string[] = []
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const match = /^#?\s?([A-Z][A-Z0-9_<>]*)=/.exec(line)
    if (match?.[1]) names.push(match[1])
  }
  return names
}

export function isDocumented(name: string, documented: string[]): boolean {
  return documented.some(known => new RegExp(`^${known.replace(/<[A-Z]+>/g, '[A-Za-z0-9_]+')}$`).test(name))
}

/** One sentence for each `OO_` name that nothing reads, with the nearest name that something does. */
export function unknownNameWarnings(env: Record<string, string | undefined>, documented: string[]): string[] {
  return Object.keys(env)
    .filter(name => name.startsWith('OO_') && !isDocumented(name, documented))
    .map(name => {
      const nearest = documented.toSorted((a, b) => distance(name, a) - distance(name, b))[0]
      return `${name} is not a setting of oO; the nearest one is ${nearest}.`
    })
}

/** Levenshtein's edit distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
