// Node's half of the hop to ml: parse the request, ask over connections that stay open, pass the answer on.
import { Agent, createServer, type IncomingMessage, request as send } from 'node:http'

const [, , port, scorer] = process.argv
const secret = process.env.ML_SHARED_SECRET ?? ''
const agent = new Agent({ keepAlive: true, maxSockets: 16 })

async function read(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

/** A decision of its own each time, and without the words: those never go to ml. */
function asked(body: string): string {
  const { candidates, ...moment } = JSON.parse(body)
  const wordless = candidates.map(({ text: _, ...candidate }: { text: string }) => candidate)
  return JSON.stringify({ ...moment, decisionId: crypto.randomUUID(), candidates: wordless })
}

async function score(body: string): Promise<unknown> {
  const options = {
    agent,
    host: '127.0.0.1',
    port: scorer,
    path: '/score',
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'x-oo-secret': secret,
    },
    timeout: 5_000,
  }
  const answered = await new Promise<IncomingMessage>((resolve, reject) =>
    send(options, resolve).on('error', reject).end(body),
  )
  const answer = await read(answered)
  if (answered.statusCode !== 200) throw new Error(`ml answered ${answered.statusCode}: ${answer}`)
  return JSON.parse(answer)
}

const server = createServer(async (request, response) => {
  response.setHeader('content-type', 'application/json')
  try {
    const body = await read(request)
    response.end(JSON.stringify(body === '' ? { status: 'ok' } : await score(asked(body))))
  } catch (error) {
    response.statusCode = 502
    response.end(JSON.stringify({ title: String(error) }))
  }
})
server.listen(Number(port), '127.0.0.1')
