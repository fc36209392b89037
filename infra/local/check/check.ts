import { runCommand } from '../runCommand.ts'

/** One thing that is checked in seconds, without a database. */
export type Check = { name: string; run(): Promise<string[]> }
export type CheckResult = { name: string; problems: string[]; seconds: number }

const atOnce = 2
const toolWithinMs = 5 * 60_000

/** Runs every check, two at a time, and reports each as it ends; none stops the others. */
export async function runChecks(
  checks: Check[],
  report: (result: CheckResult) => void,
): Promise<CheckResult[]> {
  const waiting = [...checks]
  const results: CheckResult[] = []
  const worker = async () => {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      const began = performance.now()
      const problems = await check.run().catch(error => [String(error)])
      const result = { name: check.name, problems, seconds: (performance.now() - began) / 1000 }
      results.push(result)
      report(result)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return results
}

export function reportCheck({ name, problems, seconds }: CheckResult): void {
  console.log(`${problems.length === 0 ? '✓' : '✗'} ${name} ${seconds.toFixed(1)} s`)
  for (const problem of problems) console.log(problem.replace(/^/gm, '    '))
}

/** A tool whose exit code says whether all is well and whose output says what is not. */
export function toolCheck(name: string, command: string, args: string[], cwd: string): Check {
  return {
    name,
    async run() {
      const { code, output, timedOut } = await runCommand(command, args, { cwd, withinMs: toolWithinMs })
      if (timedOut) return [`${name} did not end within ${toolWithinMs / 1000} s`]
      return code === 0 ? [] : [output.trim() || `${name} ended with code ${code} and no word`]
    },
  }
}
