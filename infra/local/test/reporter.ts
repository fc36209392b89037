// A reporter for one file of node:test: a line for the file, the whole story of each failure, and the totals as JSON
// where OO_TEST_TOTALS says.
import { writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import type { TestEvent } from 'node:test/reporters'
import { inspect } from 'node:util'

export type Totals = {
  passed: number
  failed: number
  skipped: number
  /** What was said of each failure, for who sees only the end of a long log. */
  stories?: string[]
}

export default async function* reporter(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const totals: Totals = { passed: 0, failed: 0, skipped: 0 }
  for await (const event of source) {
    if (event.type === 'test:fail' && event.data.details.type !== 'suite') yield failure(event.data)
    if (event.type === 'test:stderr') yield event.data.message
    if (event.type !== 'test:summary') continue
    const { counts, duration_ms: durationMs, success } = event.data
    totals.passed = counts.passed
    totals.failed = counts.tests - counts.passed - counts.skipped - counts.todo
    totals.skipped = counts.skipped + counts.todo
    const file = relative(process.cwd(), process.argv[1] ?? '')
    const seconds = (durationMs / 1000).toFixed(1)
    yield `  ${success ? '✓' : '✗'} ${file} ${counts.passed}/${counts.tests} ${seconds} s\n`
  }
  const path = process.env.OO_TEST_TOTALS
  if (path) writeFileSync(path, JSON.stringify(totals))
}

type Failure = Extract<TestEvent, { type: 'test:fail' }>['data']

function failure({ name, file, line, details }: Failure): string {
  const cause = details.error.cause ?? details.error
  const place = file ? `${relative(process.cwd(), file)}:${line}` : ''
  const story = cause instanceof Error ? (cause.stack ?? cause.message) : inspect(cause)
  return `  ✗ ${name} (${place})\n${story.replace(/^/gm, '      ')}\n`
}
