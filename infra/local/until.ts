const lookAgainMs = 5

/** Looks again until it is so, for what happens elsewhere; a test that waits in vain fails with the words. */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  withinMs = 10_000,
): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`Not within ${withinMs} ms: ${what}.`)
    await new Promise(resolve => setTimeout(resolve, lookAgainMs))
  }
}
