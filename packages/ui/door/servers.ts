import assert from 'node:assert/strict'
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http'
import type { AddressInfo } from 'node:net'

const open = new Set<Server>()

/** For tests: listens on a free loopback port until `closeAll`. */
export async function listen(server: Server): Promise<URL> {
  open.add(server)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return new URL(`http://127.0.0.1:${addressOf(server.address()).port}`)
}

export async function api(listener: RequestListener): Promise<URL> {
  return listen(createServer(listener))
}

/** An address where nothing listens. */
export async function nobody(): Promise<URL> {
  const server = createServer()
  const url = await listen(server)
  await close(server)
  return url
}

export async function close(server: Server): Promise<void> {
  open.delete(server)
  server.closeAllConnections()
  await new Promise(resolve => server.close(resolve))
}

export async function closeAll(): Promise<void> {
  await Promise.all([...open].map(close))
}

/** A bare request, so that every header arrives as written. */
export async function send(
  url: URL,
  options: { method?: string; headers?: Record<string, string>; body?: Buffer } = {},
): Promise<IncomingMessage & { text: () => Promise<string> }> {
  const { method = 'GET', headers = {}, body } = options
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const request = httpRequest(url, { method, headers, agent: false }, resolve)
    request.once('error', reject).end(body)
  })
  return Object.assign(answer, {
    async text() {
      const chunks: Buffer[] = []
      for await (const chunk of answer) chunks.push(chunk)
      return Buffer.concat(chunks).toString()
    },
  })
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  assert(typeof address === 'object' && address !== null)
  return address
}
