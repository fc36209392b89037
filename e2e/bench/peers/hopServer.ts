// Node's half of the hop to ml: parse the request, ask through the recommender's own client with all that it checks,
// and answer what the naive stack answers.
import { createServer, type IncomingMessage } from 'node:http'
import { openLog, systemClock } from '@oo/kernel'
import { openMl } from '@oo/recommender'

const [, , port, scorer] = process.argv
const secret = process.env.ML_SHARED_SECRET ?? ''
const settings = { url: `http://127.0.0.1:${scorer}`, secret, timeoutMs: 5_000 }
const ml = openMl(settings, { clock: systemClock, log: openLog('hop') })

async function read(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

/** A decision of its own each time, and without the words: those never go to ml. */
async function score(body: string): Promise<unknown> {
  const { candidates, ...moment } = JSON.parse(body)
  const wordless = candidates.map(({ text: _, ...candidate }: { text: string }) => candidate)
  const decisionId = crypto.randomUUID()
  const answer = await ml.score({ ...moment, decisionId, candidates: wordless })
  if (!answer) throw new Error('ml did not answer, or nonsense')
  const { chosen, scores, probabilities } = answer
  return { decisionId, chosen, scores, probabilities }
}

const server = createServer(async (request, response) => {
  response.setHeader('content-type', 'application/json')
  try {
    const body = await read(request)
    response.end(JSON.stringify(body === '' ? { status: 'ok' } : await score(body)))
  } catch (error) {
    response.statusCode = 502
    response.end(JSON.stringify({ title: String(error) }))
  }
})
server.listen(Number(port), '127.0.0.1')
