import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseTimeZone } from './timeZone.ts'

test('a zone is known by its IANA name, and its capitals are put right', () => {
  for (const [given, kept] of [
    ['Europe/Berlin', 'Europe/Berlin'],
    ['europe/berlin', 'Europe/Berlin'],
    ['America/Argentina/Buenos_Aires', 'America/Argentina/Buenos_Aires'],
    ['UTC', 'UTC'],
    ['utc', 'UTC'],
  ] as const)
    assert.equal(parseTimeZone(given), kept)
})

test('an alias stays as the device names it', () => {
  assert.equal(parseTimeZone('Asia/Kolkata'), 'Asia/Kolkata')
  assert.equal(parseTimeZone('Asia/Calcutta'), 'Asia/Calcutta')
})

test('offsets, cities and noise are refused with an example', () => {
  for (const given of ['+02:00', 'Berlin', 'Europe/Berlinn', 'Mars/Olympus', '../etc/passwd', ' ', 'GMT+2'])
    assert.throws(() => parseTimeZone(given), /Europe\/Berlin/, given)
})
