// What was not scored and why, bounded: named one by one as long as there is room, then counted by source and reason.
import type { Ineligible } from './tables.ts'

const mostNamed = 64

export interface LeftOut {
  name(id: string, reason: string): void
  count(source: string, reason: string, count: number): void
  all(): Ineligible[]
}

export function openLeftOut(): LeftOut {
  const named: Ineligible[] = []
  const counted = new Map<string, Required<Ineligible>>()
  const count = (id: string, reason: string, more: number) => {
    if (more === 0) return
    const before = counted.get(`${id} ${reason}`)?.count ?? 0
    counted.set(`${id} ${reason}`, { id, reason, count: before + more })
  }
  return {
    name(id, reason) {
      if (named.length < mostNamed) named.push({ id, reason })
      else count(id.split(':')[0] ?? id, reason, 1)
    },
    count,
    all: () => [...named, ...counted.values()],
  }
}
