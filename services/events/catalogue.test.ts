import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { subjects } from './index.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/architecture/events.md'), 'utf8')

test('every subject stands in the catalogue under its message, and the catalogue has no other', () => {
  const written = new Map(
    [...page.matchAll(/^### `([\w.]+)` · (\w+)$/gm)].map(([, subject, name]) => [name, subject]),
  )
  const known = Object.entries(subjects).map(([name, subject]) => [
    name[0]?.toUpperCase() + name.slice(1),
    subject,
  ])
  assert.deepEqual([...written].toSorted(), known.toSorted())
})
