/** Runs for about this long and answers what it saw. */
export type Contender<T> = (seconds: number) => Promise<T>

/** Laps of each contender in a run. */
export const rounds = 3

export interface Plan {
  seconds: number
  warmUpSeconds: number
  rounds: number
}

/**
 * A B A B: after a warm-up of each, every contender runs once a round, so that the machine's moods hit all alike.
 * Answers the laps of each contender, in the order they were given.
 */
export async function alternate<T>(contenders: readonly Contender<T>[], plan: Plan): Promise<T[][]> {
  for (const run of contenders) await run(plan.warmUpSeconds)
  const laps: T[][] = contenders.map(() => [])
  for (let round = 0; round < plan.rounds; round++)
    for (const [at, run] of contenders.entries()) laps[at]?.push(await run(plan.seconds))
  return laps
}
