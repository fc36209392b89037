// Stands between the sandbox and the api: keeps what the provider signed, so that a proof can hand it on badly.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { ProofHouse } from './proof.ts'

export interface Letter {
  id: string
  email: string
  body: string
  signature: string
}

export interface PostOffice {
  url: string
  letters: Letter[]
}

export async function openPostOffice(house: ProofHouse): Promise<PostOffice> {
  const letters: Letter[] = []
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString()
    const { headers } = request
    letters.push({
      id: String(headers['x-todoist-delivery-id']),
      email: String(JSON.parse(body).initiator?.email),
      body,
      signature: String(headers['x-todoist-hmac-sha256']),
    })
    response.writeHead(200).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  house.keep(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return { url: `http://127.0.0.1:${port}/`, letters }
}

/** Answers the status. */
export async function post(api: string, { id, body, signature }: Omit<Letter, 'email'>): Promise<number> {
  const answer = await fetch(`${api}/api/webhooks/todoist`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-todoist-delivery-id': id,
      'x-todoist-hmac-sha256': signature,
    },
    body,
    signal: AbortSignal.timeout(10_000),
  })
  await answer.arrayBuffer()
  return answer.status
}
