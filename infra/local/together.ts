type Step = (signal: AbortSignal) => Promise<void>

/**
 * Runs steps side by side. The first failure aborts the others and is thrown once all of them have ended, so that
 * nothing comes to life behind the back of a caller who cleans up.
 */
export async function together(signal: AbortSignal, steps: Step[]): Promise<void> {
  const failure = new AbortController()
  const either = AbortSignal.any([signal, failure.signal])
  const ends = steps.map(step => step(either).catch(error => failure.abort(error)))
  await Promise.all(ends)
  failure.signal.throwIfAborted()
}
