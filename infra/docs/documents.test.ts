import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'

const root = join(import.meta.dirname, '../..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const records = globSync('docs/adr/[0-9]*.md', { cwd: root }).sort()
const documents = [...globSync('docs/**/*.md', { cwd: root }), 'CONTRIBUTING.md'].sort()
const reserved = ['0006', '0012']

/** Paths of the repository between backticks; patterns and placeholders are left out. */
const pathsIn = (text: string): string[] =>
  [...text.matchAll(/`([^`\n]+)`/g)]
    .map(match => match[1] ?? '')
    .filter(path => /^(apps|services|packages|ml|e2e|infra|docs|requirements)\//.test(path))
    .filter(path => !/[\s<>{}*…|()]/.test(path))

/** What a relative link leads to, seen from the document. */
const linksIn = (document: string): string[] =>
  [...read(document).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
    .map(match => match[1] ?? '')
    .filter(link => !/^[a-z]+:/.test(link))
    .map(link => join(dirname(document), link))

test('a decision has a number of its own, which the index lists once', () => {
  const numbers = records.map(path => path.slice('docs/adr/'.length).slice(0, 4))
  assert.deepEqual([...new Set(numbers)], numbers)
  const listed = [...read('docs/adr/README.md').matchAll(/^\| \[?(\d{4})/gm)].map(match => match[1] ?? '')
  assert.deepEqual(listed, [...numbers, ...reserved].sort())
})

for (const path of records) {
  test(`${path} says what forces a choice, what was chosen, what follows, and which check holds it`, () => {
    const text = read(path)
    for (const part of ['What forces a choice', 'Decision', 'Consequences', 'Held by'])
      assert.ok(text.includes(`\n## ${part}\n`), part)
    const holding = text.slice(text.indexOf('## Held by'))
    assert.ok(pathsIn(holding).length > 0, 'it names no check')
    assert.ok(text.split('\n').length <= 70, 'it is longer than a page')
  })
}

test('every link and every path in the documents leads somewhere', () => {
  assert.ok(documents.length > 10)
  const broken = documents.flatMap(document =>
    [...linksIn(document), ...pathsIn(read(document))]
      .filter(path => !existsSync(join(root, path)))
      .map(path => `${document}: ${path}`),
  )
  assert.deepEqual(broken, [])
})

test('every folder of the house explains itself', () => {
  const folders = ['apps', 'e2e', 'infra', 'ml', 'packages', 'services', 'docs'].flatMap(folder => [
    folder,
    ...(folder === 'e2e'
      ? []
      : globSync(`${folder}/*/`, { cwd: root }).filter(path => !/node_modules|\/[_.]/.test(path))),
  ])
  const silent = folders.filter(
    path => !existsSync(join(root, path, 'README.md')) && !existsSync(join(root, path, '__init__.py')),
  )
  assert.deepEqual(silent, [])
})
