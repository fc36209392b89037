/** Lines that tell a person at the terminal what happens and how long it took. */
export type Progress = {
  step<T>(name: string, work: () => Promise<T>): Promise<T>
  say(line: string): void
}

const slowAfterMs = 5000

export function terminalProgress(
  write: (line: string) => void = line => process.stdout.write(`${line}\n`),
): Progress {
  return {
    say: write,
    async step(name, work) {
      const began = performance.now()
      const seconds = () => ((performance.now() - began) / 1000).toFixed(1)
      const ticker = setInterval(() => write(`  … ${name}, ${seconds()} s`), slowAfterMs)
      try {
        const result = await work()
        write(`✓ ${name} ${seconds()} s`)
        return result
      } catch (error) {
        write(`✗ ${name} ${seconds()} s`)
        throw error
      } finally {
        clearInterval(ticker)
      }
    },
  }
}
