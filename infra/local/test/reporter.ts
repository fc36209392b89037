// A reporter for node:test: one line for each file, the whole story of each failure, and the totals as JSON in the
// file that OO_TEST_TOTALS names.
import { writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import type { TestEvent } from 'node:test/reporters'
import { inspect } from 'node:util'

export type Totals = { passed: number; failed: number; skipped: number }

export default async function* reporter(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const totals: Totals = { passed: 0, failed: 0, skipped: 0 }
  for await (const event of source) {
    if (event.type === 'test:fail' && event.data.details.type !== 'suite') yield failure(event.data)
    if (event.type === 'test:stderr') yield event.data.message
    if (event.type !== 'test:summary') continue
    const { file, counts, duration_ms: durationMs, success } = event.data
    if (file === undefined) {
      totals.passed = counts.passed
      totals.failed = counts.tests - counts.passed - counts.skipped - counts.todo
      totals.skipped = counts.skipped + counts.todo
    } else {
      const seconds = (durationMs / 1000).toFixed(1)
      yield `  ${success ? '✓' : '✗'} ${relative(process.cwd(), file)} ${counts.passed}/${counts.tests} ${seconds} s\n`
    }
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
