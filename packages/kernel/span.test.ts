import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { inSpan, startTracing, traceParentOf } from './index.ts'

const parent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

test('without a collector work is only done: no span, no traceparent, and next to no time', async () => {
  assert.equal(await inSpan('a', { parent }, async () => traceParentOf()), undefined)
  await assert.rejects(
    inSpan('a', {}, async () => {
      throw new Error('broken')
    }),
    /broken/,
  )
  const rounds = 20_000
  const timed = async (work: () => Promise<unknown>) => {
    const began = performance.now()
    for (let round = 0; round < rounds; round++) await work()
    return ((performance.now() - began) * 1_000) / rounds
  }
  const plain = async () => 1
  await timed(() => inSpan('a', {}, plain))
  const costMicroseconds = (await timed(() => inSpan('a', {}, plain))) - (await timed(plain))
  assert.ok(costMicroseconds < 50, `${costMicroseconds} µs a span`)
})

test('with one, steps are told with their causes, and an error by its name alone', async () => {
  const bodies: string[] = []
  const collector = createServer(async (request, response) => {
    bodies.push(Buffer.concat(await request.toArray()).toString())
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  }).listen(0, '127.0.0.1')
  await once(collector, 'listening')
  const address = collector.address()
  assert.ok(address && typeof address === 'object')
  const stop = await startTracing({ endpoint: `http://127.0.0.1:${address.port}`, processName: 'test' })
  try {
    let inner: string | undefined
    await inSpan('outer', { kind: 'server', parent }, async () => {
      await new Promise(resolve => setImmediate(resolve))
      await inSpan('inner', {}, async () => {
        inner = traceParentOf()
        throw new TypeError('the words of a person')
      }).catch(() => {})
    })
    assert.equal(inner?.split('-')[1], parent.split('-')[1], 'the trace goes on')
    await inSpan('own', { parent: 'nonsense' }, async () => {
      assert.notEqual(traceParentOf()?.split('-')[1], parent.split('-')[1])
    })
  } finally {
    await stop()
    collector.closeAllConnections()
    collector.close()
  }
  const told = bodies.join()
  const spans = JSON.parse(bodies[0] ?? '').resourceSpans[0].scopeSpans[0].spans
  const [innerSpan, outerSpan] = ['inner', 'outer'].map(name =>
    spans.find((span: { name: string }) => span.name === name),
  )
  assert.equal(outerSpan.parentSpanId, parent.split('-')[2])
  assert.equal(innerSpan.parentSpanId, outerSpan.spanId)
  assert.ok(told.includes('TypeError') && !told.includes('the words'))
  assert.equal(await inSpan('after', {}, async () => traceParentOf()), undefined)
})
