import { allChecks } from './check/allChecks.ts'
import { reportCheck, runChecks } from './check/check.ts'
import { ensurePython } from './python.ts'
import { root } from './root.ts'

await ensurePython(root, 'dev', line => console.log(line), AbortSignal.timeout(15 * 60_000))
const began = performance.now()
const results = await runChecks(allChecks(root), reportCheck)
const failed = results.filter(result => result.problems.length > 0)
const seconds = ((performance.now() - began) / 1000).toFixed(1)
console.log(`\n${results.length - failed.length} of ${results.length} checks passed in ${seconds} s`)
process.exitCode = failed.length > 0 ? 1 : 0
