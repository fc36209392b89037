// Stands between the api and one of its neighbours and does what a bad network or a bad server does. A change of
// fault breaks every connection there is, so that the next request meets it.
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { freePort } from '@oo/local'

/** The ten troubles of the promise. */
export const faults = [
  'down',
  'reset',
  'frozen',
  'slow',
  'hang',
  '500',
  '429',
  'garbage',
  'huge',
  'tls',
] as const
export type Fault = (typeof faults)[number]

export interface FaultProxy {
  port: number
  /** Null: everything passes. */
  set(fault: Fault | null): Promise<void>
  /** How often the present fault was met; what is refused while `down` cannot be counted. */
  met(): number
  stop(): Promise<void>
}

const hugeBytes = 10_000_000
const slowEveryMs = 1_000
/** What a TLS server says to whom it does not understand: alert, fatal, handshake failure. */
const tlsAlert = Buffer.from([0x15, 3, 3, 0, 2, 2, 40])

/** `speaksFirst`: the server greets before it is asked, as NATS does, so what is wrong is wrong at once. */
export async function openFaultProxy(to: { port: number; speaksFirst?: boolean }): Promise<FaultProxy> {
  const port = await freePort()
  const open = new Set<Socket>()
  let fault: Fault | null = null
  let met = 0

  const server = createServer(near => {
    keep(open, near)
    if (fault === null) return pass(open, near, to.port)
    met += 1
    if (fault === 'slow') return pass(open, near, to.port, true)
    meet[fault](near)
    if (to.speaksFirst) near.emit('data', Buffer.alloc(0))
  })
  const listen = async () => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  }
  const hangUp = () => {
    for (const socket of open) socket.destroy()
  }
  const shut = async () => {
    if (!server.listening) return
    server.close()
    hangUp()
    await setImmediate()
  }
  await listen()
  return {
    port,
    async set(next) {
      fault = next
      met = 0
      if (next === 'down') return shut()
      if (!server.listening) await listen()
      hangUp()
    },
    met: () => met,
    stop: shut,
  }
}

/** What happens to a connection under each fault; `slow` passes, and `down` is not listening at all. */
const meet: Record<Exclude<Fault, 'slow'>, (near: Socket) => void> = {
  down: near => near.destroy(),
  reset: near => near.once('data', () => near.resetAndDestroy()),
  frozen: near => void near.pause(),
  hang: near =>
    answer(near, 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n'),
  '500': near => answer(near, refusal('500 Internal Server Error', ''), true),
  '429': near => answer(near, refusal('429 Too Many Requests', 'retry-after: 60\r\n'), true),
  garbage: near => answer(near, randomBytes(2_000), true),
  huge: near => {
    const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${hugeBytes}\r\n\r\n`
    answer(near, Buffer.concat([Buffer.from(head), Buffer.alloc(hugeBytes, ' ')]))
  },
  tls: near => answer(near, tlsAlert, true),
}

const refusal = (status: string, more: string) =>
  `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\n${more}content-length: 2\r\nconnection: close\r\n\r\n{}`

function answer(near: Socket, bytes: string | Buffer, andEnd = false): void {
  near.once('data', () => (andEnd ? near.end(bytes) : near.write(bytes)))
}

/** Both ways; what comes back, `slowly` at one byte a second. */
function pass(open: Set<Socket>, near: Socket, port: number, slowly = false): void {
  const far = connect({ port, host: '127.0.0.1' })
  keep(open, far)
  near.once('close', () => far.destroy())
  near.pipe(far)
  if (slowly) drip(far, near)
  else {
    far.once('close', () => near.destroy())
    far.pipe(near)
  }
}

function drip(from: Socket, to: Socket): void {
  let waiting = Buffer.alloc(0)
  let ended = false
  from.on('data', (chunk: Buffer) => {
    waiting = Buffer.concat([waiting, chunk])
  })
  from.once('close', () => {
    ended = true
  })
  const timer = setInterval(() => {
    if (waiting.length > 0) to.write(waiting.subarray(0, 1))
    else if (ended) to.destroy()
    waiting = waiting.subarray(1)
  }, slowEveryMs)
  to.once('close', () => clearInterval(timer))
}

function keep(open: Set<Socket>, socket: Socket): void {
  open.add(socket)
  socket.on('error', () => {})
  socket.once('close', () => open.delete(socket))
}
