/** The origins of this installation: sign-in and connect may return to these and to no other. */
export type Origins = { list(): string[]; add(origin: string): void }

export function createOrigins(initial: readonly string[]): Origins {
  const origins = new Set<string>()
  const add = (origin: string): void => {
    origins.add(new URL(origin).origin)
  }
  for (const origin of initial) add(origin)
  return { list: () => [...origins], add }
}
