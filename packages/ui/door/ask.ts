import {
  type Agent,
  type ClientRequest,
  request as httpRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
} from 'node:http'

export interface Ask {
  url: URL
  method: string | undefined
  path: string | undefined
  headers: OutgoingHttpHeaders
  agent: Agent
  connectMs: number
  signal: AbortSignal
  /** A stream is not touched before the connection stands. */
  body: Buffer | IncomingMessage
}

/** No answer came. `reached`: the api may have seen the request. */
export class NoAnswer extends Error {
  readonly reached: boolean
  readonly code: string

  constructor(cause: NodeJS.ErrnoException, reached: boolean) {
    super(cause.message, { cause })
    this.reached = reached
    this.code = cause.code ?? ''
  }
}

/** One try: resolves with the head of the answer, or rejects with `NoAnswer`. */
export function ask({ url, agent, connectMs, body, ...asked }: Ask): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    let reached = false
    const sent = httpRequest(url, { ...asked, agent, setHost: false })
    const connect = setTimeout(() => sent.destroy(new Error('connect deadline')), connectMs)
    const connected = () => {
      reached = true
      clearTimeout(connect)
      if (!Buffer.isBuffer(body)) body.pipe(sent)
    }
    sent.once('socket', socket => (socket.connecting ? socket.once('connect', connected) : connected()))
    sent.once('close', () => clearTimeout(connect))
    sent.once('response', resolve)
    // Also after the answer has begun: an api that refuses a body early closes under what is still being sent.
    sent.on('error', error => {
      if (reached) stopSending(body, sent)
      reject(new NoAnswer(error, reached))
    })
    if (Buffer.isBuffer(body)) sent.end(body)
  })
}

function stopSending(body: Buffer | IncomingMessage, sent: ClientRequest): void {
  if (Buffer.isBuffer(body)) return
  body.unpipe(sent)
  body.resume()
}
