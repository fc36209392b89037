// Reading what somebody else wrote, of which nothing is promised: what is not as agreed is as if it were not there.

const mostText = 300

export const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

export const field = (value: unknown, name: string): unknown =>
  isObject(value) ? Reflect.get(value, name) : undefined

export function numeric(value: unknown, name: string): number | null {
  const found = field(value, name)
  return typeof found === 'number' && Number.isFinite(found) ? found : null
}

/** All of these, or null. */
export function numbers<Name extends string>(
  told: unknown,
  names: readonly Name[],
): Record<Name, number> | null {
  const found: Partial<Record<Name, number>> = {}
  for (const name of names) {
    const value = numeric(told, name)
    if (value === null) return null
    found[name] = value
  }
  return isWhole(found, names) ? found : null
}

const isWhole = <Name extends string>(
  found: Partial<Record<Name, number>>,
  names: readonly Name[],
): found is Record<Name, number> => names.every(name => found[name] !== undefined)

export function text(value: unknown, name: string): string {
  const found = field(value, name)
  return typeof found === 'string' ? found.slice(0, mostText) : ''
}

export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
