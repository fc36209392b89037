import type { ExportFile } from '@oo/kernel'

/** One module's part of the export: its files, or why it is missing. */
export interface Part {
  module: string
  files: ExportFile[]
  missing: boolean
}

/** The first file a person opens: what this is, how to read it, and what is missing. */
export function exportReadme({
  now,
  timeZone,
  parts,
}: {
  now: Date
  timeZone: string
  parts: Part[]
}): string {
  const local = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'short', timeZone })
  const missing = parts.filter(part => part.missing).map(part => part.module)
  const sections = parts.filter(part => part.files.length > 0).map(section)
  return [
    '# What oO holds about you',
    `Made on ${local.format(now)} (${timeZone}), which is ${now.toISOString()}.`,
    [
      'Each `.jsonl` file is plain text: one JSON object a line. Any text editor opens it, a spreadsheet',
      'imports it, and `jq . file.jsonl` prints it neatly. The `.schema.json` beside it describes the fields.',
      'An empty file means that oO holds nothing of that kind. Times are in UTC: the `Z` at their end says so.',
    ].join('\n'),
    ...(missing.length > 0 ? [missingNote(missing)] : []),
    ...sections,
  ]
    .join('\n\n')
    .concat('\n')
}

const missingNote = (modules: string[]): string =>
  [
    '## Missing',
    `These parts could not be read just now: ${modules.join(', ')}. Everything else is whole.`,
    'Please ask for the export again later.',
  ].join('\n\n')

const section = ({ module, files }: Part): string =>
  [
    `## ${module}`,
    files
      .map(
        ({ name, about, rows }) =>
          `- \`${module}/${name}.jsonl\` (${rows.length} ${rows.length === 1 ? 'line' : 'lines'}): ${about}`,
      )
      .join('\n'),
  ].join('\n\n')
