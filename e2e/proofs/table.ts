import { type ToldRow, verdictOf } from './verdict.ts'

const heading = ['id', 'what', 'done', 'lost', 'doubled', 'control']
const signs = { passed: '✓', failed: '✗', 'not run': '–' }

/** `id · what · done · lost · doubled · control` in columns, then what there is to say about each row. */
export function formatTable(rows: readonly ToldRow[]): string {
  const all = [heading, ...rows.map(cellsOf)]
  const widths = heading.map((_, column) => Math.max(...all.map(line => line[column]?.length ?? 0)))
  const lines = all.map(line => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' · '))
  const [first = '', ...rest] = lines
  const marks = rows.map(row => signs[verdictOf(row)])
  const table = rest.map((line, at) => `${marks[at]} ${line.trimEnd()}`)
  return [`  ${first.trimEnd()}`, '─'.repeat(first.length + 2), ...table, ...notesOf(rows)].join('\n')
}

function cellsOf(row: ToldRow): string[] {
  if (verdictOf(row) === 'not run') return [row.id, row.what, 'not run', '', '', '']
  const done = `${number(row.done)} of ${number(row.of)} ${row.unit}`
  return [row.id, row.what, done, number(row.lost), number(row.doubled), row.control]
}

const number = (value: number): string => value.toLocaleString('en')

function notesOf(rows: readonly ToldRow[]): string[] {
  const notes = rows.flatMap(row => {
    const about = `${row.id} ${row.what}`
    return [
      ...(row.failed === undefined ? [] : [`${about}: FAILED: ${row.failed}`]),
      ...(row.notRun === undefined ? [] : [`${about}: not run: ${row.notRun}`]),
      ...row.notes.map(note => `${about}: ${note}`),
    ]
  })
  return notes.length > 0 ? ['', ...notes] : []
}
