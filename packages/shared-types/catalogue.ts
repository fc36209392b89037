// The page of all events, made from the .proto files: a message's first line of comment is its subject.
import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

interface Field {
  name: string
  type: string
  number: string
  comment: string
}

interface Message {
  name: string
  subject: string
  comment: string
  fields: Field[]
}

const head = `# Events

<!-- Made by \`npm run gen\` from packages/shared-types/events; change those files, not this page. -->

Everything that happens in oO is one of these. A verb appends the event in the transaction of its rows; subscribers hear
of it in order per person ([services/events](../../services/events/README.md)). Each travels in an envelope.
Messages hold ids and numbers, never a person's words; fields are only ever added.
`

export function eventCatalogue(folder: string): string {
  const files = globSync('**/*.proto', { cwd: folder })
    .sort(
      (a, b) =>
        Number(b.endsWith('envelope.proto')) - Number(a.endsWith('envelope.proto')) || a.localeCompare(b),
    )
    .map(file => ({ family: basename(file, '.proto'), text: readFileSync(join(folder, file), 'utf8') }))
  const comments = files.map(({ family, text }) => {
    const messages = messagesOf(text)
    if (family !== 'envelope')
      for (const { name, subject } of messages)
        if (!subject) throw new Error(`${name} of ${family}.proto: its comment must begin with its subject.`)
    return `\n## ${family}\n\n${/^((?:\/\/.*\n)+)/.exec(text)?.[1]?.replaceAll(/^\/\/ ?/gm, '') ?? ''}${enumsOf(text)}${messages.map(sectionOf).join('')}`
  })
  return head + comments.join('')
}

function messagesOf(text: string): Message[] {
  return [...text.matchAll(/((?:^\/\/.*\n)*)^message (\w+) \{\n([\s\S]*?)^\}/gm)].map(
    ([, above = '', name = '', body = '']) => {
      const lines = above.split('\n').flatMap(line => line.replace(/^\/\/ ?/, '') || [])
      const subject = /^[a-z]+(\.[a-z]+)+$/.test(lines[0] ?? '') ? (lines.shift() ?? '') : ''
      return { name, subject, comment: lines.join(' '), fields: fieldsOf(body) }
    },
  )
}

function fieldsOf(body: string): Field[] {
  return [...body.matchAll(/((?:^ *\/\/.*\n)*)^ *((?:optional |repeated )?[\w.]+) (\w+) = (\d+);/gm)].map(
    ([, above = '', type = '', name = '', number = '']) => ({
      name,
      type: type.replace('google.protobuf.', ''),
      number,
      comment: above
        .replaceAll(/^ *\/\/ ?/gm, '')
        .trim()
        .replaceAll('\n', ' '),
    }),
  )
}

const sectionOf = ({ name, subject, comment, fields }: Message): string => {
  const title = subject ? `### \`${subject}\` · ${name}` : `### ${name}`
  const rows = fields.map(
    field => `| ${field.number} | \`${field.name}\` | ${field.type} | ${field.comment} |`,
  )
  const table =
    rows.length > 0 ? `\n| # | field | type | |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n` : ''
  return `\n${title}\n${comment ? `\n${comment}\n` : ''}${table}`
}

const enumsOf = (text: string): string =>
  [...text.matchAll(/^enum (\w+) \{\n([\s\S]*?)^\}/gm)]
    .map(([, name = '', body = '']) => {
      const values = [...body.matchAll(/(\w+) = (\d+);/g)].map(([, value, number]) => `${number} ${value}`)
      return `\n### ${name}\n\n${values.join(' · ')}\n`
    })
    .join('')
