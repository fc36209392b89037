import type { Bar, Row } from './row.ts'

const heading = ['id', 'what', 'figure', 'ratio', 'must', 'goal']
const mark = ({ text, met }: Bar): string => `${met ? '✓' : '✗'} ${text}`

/** `id · what · figure · ratio · must · goal`, in columns. */
export function formatTable(rows: readonly Row[]): string {
  const cells = rows.map(row => [row.id, row.what, row.figure, row.ratio, mark(row.must), mark(row.goal)])
  const all = [heading, ...cells]
  const widths = heading.map((_, column) => Math.max(...all.map(line => line[column]?.length ?? 0)))
  const lines = all.map(line => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' · '))
  const [first = '', ...rest] = lines
  return [first.trimEnd(), '─'.repeat(first.length), ...rest.map(line => line.trimEnd())].join('\n')
}
