import { errorText, reportFailure, WrongUse } from './refusal.ts'
import { root } from './root.ts'
import type { Totals } from './test/reporter.ts'
import { sharedDatabase } from './test/sharedDatabase.ts'
import { isBrowserTest, type StageName, stageNames, stages } from './test/stages.ts'
import { untilAskedToStop } from './untilAskedToStop.ts'

const show = (text: string) => void process.stdout.write(text)
const none: Totals = { passed: 0, failed: 0, skipped: 0 }
const charactersOnceMore = 8000
/** Each of these is one process at a time, so two of them have the two cores that one leaves idle. */
const besides: Partial<Record<StageName, StageName>> = { python: 'lab' }

/** Runs every stage, or the one that was named, and ends with the sum alone on a line. */
async function main(): Promise<number> {
  const { chosen, files } = readArguments(process.argv.slice(2))
  const aborter = new AbortController()
  void untilAskedToStop().then(() => aborter.abort())
  const database = sharedDatabase()
  const sum = { passed: 0, failed: 0, skipped: 0 }
  const stories: string[] = []
  const run = (name: StageName, print: (text: string) => void) =>
    runStage(name, print, () => stages[name]({ root, files, signal: aborter.signal, database, print }))
  for (const name of chosen) {
    if (aborter.signal.aborted) break
    const beside = besides[name]
    if (chosen.some(other => besides[other] === name)) continue
    // What the second one says comes after the first one's end, whole.
    const said: string[] = []
    const [totals, others] = await Promise.all([
      run(name, show),
      beside && chosen.includes(beside) ? run(beside, text => void said.push(text)) : none,
    ])
    show(said.join(''))
    for (const { passed, failed, skipped, stories: told = [] } of [totals, others]) {
      sum.passed += passed
      sum.failed += failed
      sum.skipped += skipped
      stories.push(...told)
    }
  }
  await database.stop()
  if (aborter.signal.aborted) console.error('The tests were stopped before their end.')
  show(onceMore(stories))
  if (sum.skipped > 0) console.log(`\n${sum.skipped} skipped`)
  console.log(`\n${sum.passed} passed, ${sum.failed} failed`)
  return sum.failed > 0 || sum.passed === 0 || aborter.signal.aborted ? 1 : 0
}

/** The failures again, each cut to its share: the log of a run is long, and often only its end is kept. */
function onceMore(stories: string[]): string {
  if (stories.length === 0) return ''
  const share = Math.max(300, Math.floor(charactersOnceMore / stories.length))
  const cut = (text: string) => (text.length > share ? `      …\n${text.slice(-share)}` : text)
  return `\n── what failed, once more ──\n${stories.slice(0, 40).map(cut).join('')}`
}

/** A stage that cannot run counts as one failure, and the next ones still run. */
async function runStage(
  name: StageName,
  print: (text: string) => void,
  run: () => Promise<Totals>,
): Promise<Totals> {
  print(`\n── ${name} ──\n`)
  const began = performance.now()
  const totals = await run().catch(error => {
    const text = `${errorText(error)}\n`
    print(text)
    return { passed: 0, failed: 1, skipped: 0, stories: [text] }
  })
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  print(`── ${name}: ${totals.passed} passed, ${totals.failed} failed, ${seconds} s ──\n`)
  return totals
}

/** `npm test -- unit services/auth/x.test.ts`: a stage and files; files alone name their stage by their kind. */
function readArguments(args: string[]): { chosen: readonly StageName[]; files: string[] } {
  const [first, ...rest] = args
  if (first === undefined) return { chosen: stageNames, files: [] }
  const stage = stageNames.find(name => name === first)
  if (stage) return { chosen: [stage], files: rest }
  if (args.every(isBrowserTest)) return { chosen: ['browser'], files: args }
  if (args.every(file => file.endsWith('.test.ts'))) return { chosen: ['unit'], files: args }
  if (args.every(file => file.endsWith('.py'))) return { chosen: ['python'], files: args }
  throw new WrongUse(
    `npm test knows the stages ${stageNames.join(', ')}, each with files after it, and not "${first}".`,
  )
}

process.exitCode = await main().catch(reportFailure)
process.exit()
