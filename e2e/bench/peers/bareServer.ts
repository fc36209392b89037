// The bare limit: what node:http alone does with a request of ours, read, parsed and answered. No framework, no I/O.
import { createServer } from 'node:http'

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', chunk => chunks.push(chunk))
  request.on('end', () => {
    const text = Buffer.concat(chunks).toString()
    const decisionId: unknown = text ? Reflect.get(Object(JSON.parse(text)), 'decisionId') : null
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ decisionId, tip: null }))
  })
})
server.listen(Number(process.argv[2]), '127.0.0.1')
