import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { runLoad } from './load.ts'

async function withServer(status: (body: string) => number, use: (url: string) => Promise<void>) {
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    response.statusCode = status(body)
    response.end('{}')
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  try {
    await use(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

const ask = (body: string) => ({ method: 'POST', path: '/', headers: {}, body }) as const

test('as many requests as there are asks: each one is sent exactly once', async () => {
  const seen: string[] = []
  await withServer(
    body => seen.push(body) && 200,
    async url => {
      const asks = (connection: number) => [1, 2, 3].map(number => ask(`${connection}-${number}`))
      const lap = await runLoad({ url, connections: 4, until: { requests: 12 }, asks })
      assert.equal(lap.answered, 12)
      const wanted = [0, 1, 2, 3].flatMap(connection => [1, 2, 3].map(number => `${connection}-${number}`))
      assert.deepEqual(seen.toSorted(), wanted)
    },
  )
})

test('a refusal is not an answer: it is counted apart', async () => {
  let number = 0
  await withServer(
    () => (number++ % 2 === 0 ? 200 : 503),
    async url => {
      const lap = await runLoad({ url, connections: 1, until: { requests: 10 }, asks: () => [ask('{}')] })
      assert.deepEqual([lap.answered, lap.failed], [5, 5])
      assert.ok(lap.p50Ms > 0 && lap.p99Ms >= lap.p50Ms && lap.perSecond > 0)
    },
  )
})
