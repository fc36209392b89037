// The naive stack's first half: parse the request, `fetch` the model service, pass its answer on.
import { createServer, type IncomingMessage } from 'node:http'

const [, , port, scorer] = process.argv

async function answer(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  if (chunks.length === 0) return { status: 'ok' }
  const scored = await fetch(`http://127.0.0.1:${scorer}/score`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(JSON.parse(Buffer.concat(chunks).toString())),
    signal: AbortSignal.timeout(5_000),
  })
  if (!scored.ok) throw new Error(`the scorer answered ${scored.status}`)
  return scored.json()
}

const server = createServer(async (request, response) => {
  response.setHeader('content-type', 'application/json')
  try {
    response.end(JSON.stringify(await answer(request)))
  } catch (error) {
    response.statusCode = 502
    response.end(JSON.stringify({ title: String(error) }))
  }
})
server.listen(Number(port), '127.0.0.1')
