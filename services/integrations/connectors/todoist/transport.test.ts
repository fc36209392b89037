import assert from 'node:assert/strict'
import { test } from 'node:test'
import { frozenClock, openOutbound } from '@oo/kernel'
import { serve } from '../conformance/serve.ts'
import { type ConnectorTrouble, isTrouble } from '../connector.ts'
import { openTransport, readApiStatus } from './transport.ts'

async function troubleAt(
  status: number,
  headers: Record<string, string>,
  body = '',
): Promise<ConnectorTrouble> {
  const served = await serve((_request, response) => void response.writeHead(status, headers).end(body))
  try {
    const outbound = openOutbound({ target: 'todoist', clock: frozenClock(new Date()), timeoutMs: 2_000 })
    const transport = openTransport(outbound, {
      signal: AbortSignal.timeout(2_000),
      readStatus: readApiStatus,
    })
    await transport.customFetch(served.url)
    return transport.troubleOf(undefined)
  } finally {
    await served.stop()
  }
}

test('Todoist says when to come back: in seconds, until a time on its clock, in its body, or not at all', async () => {
  const date = 'Mon, 04 May 2026 10:00:00 GMT'
  const asked: [Record<string, string>, string, number][] = [
    [{ 'retry-after': '90' }, '', 90],
    [{ date, 'retry-after': 'Mon, 04 May 2026 10:02:00 GMT' }, '', 120],
    [{}, '{"error_extra": {"retry_after": 45}}', 45],
    [{}, '', 60],
  ]
  for (const [headers, body, seconds] of asked) {
    const trouble = await troubleAt(429, headers, body)
    assert.ok(isTrouble(trouble, 'quota'))
    assert.equal(trouble.retryAfterSeconds, seconds)
  }
  assert.equal((await troubleAt(503, { 'retry-after': '120' })).retryAfterSeconds, 120)
  assert.equal((await troubleAt(503, {})).retryAfterSeconds, undefined)
})
