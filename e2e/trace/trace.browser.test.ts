import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hops, wrongHops } from './hops.ts'
import { drawTrace } from './picture.ts'
import { email, traceReaction, words } from './reactionTrace.ts'

test('every hop of a reaction, from the click to the posterior, is in one trace and caused by the right one', async () => {
  const { spans, raw, personId } = await traceReaction()
  assert.deepEqual(wrongHops(spans), [])
  assert.equal(new Set(spans.map(({ traceId }) => traceId)).size, 1)
  assert.deepEqual([...new Set(hops.map(({ process }) => process))], ['browser', 'web', 'api', 'ml'])
  for (const { name, startMs, endMs } of spans) assert.ok(endMs >= startMs, name)

  // The same check on a trace with a broken link: it must not be blind.
  const cut = spans.map(span =>
    span.name === 'ml learns' ? { ...span, parentSpanId: 'f'.repeat(16) } : span,
  )
  assert.equal(wrongHops(cut).length, 1)

  const secrets = [email, email.split('@')[0], words, 'geraniums', personId].filter(
    text => text && text !== 'undefined',
  )
  assert.ok(raw.includes('reaction transaction'))
  assert.deepEqual(
    secrets.filter(secret => secret !== undefined && raw.includes(secret)),
    [],
    'a trace tells nothing of a person',
  )
  assert.doesNotMatch(raw, /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-/, 'not even an id')

  const svg = drawTrace(spans, { about: 'A test.' })
  assert.match(svg, /prefers-color-scheme: dark/)
  for (const { says } of hops) assert.ok(svg.includes(says), says)
  assert.doesNotMatch(svg, /<script|NaN|undefined/)
})
