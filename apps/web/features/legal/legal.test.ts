import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { termsVersion } from '@oo/shared-types/terms'

const text = (file: string) =>
  readFileSync(join(import.meta.dirname, file), 'utf8')
    .replaceAll(/\{' '\}/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ ?(<[^>]+>) ?/g, '$1')

/** Of the words themselves, so that nobody changes them under a version that people agreed to. */
const known = { version: '2026-11-22', words: '659a6784722b0a4c' }

test('who changes the terms or the privacy page gives them the version of that day', () => {
  const words = createHash('sha256').update(text('terms.tsx')).update(text('privacy.tsx')).digest('hex')
  assert.deepEqual({ version: termsVersion, words: words.slice(0, 16) }, known)
})
