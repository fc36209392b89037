import type { FastifyInstance } from 'fastify'
import type { Streams } from './streams.ts'

/** What is under way at the stop has this long; then its connection is cut. */
const drainMs = 3_000
const lookEveryMs = 100

/** A stop ends every live view, lets every request finish, and tells each connection that this was its last one. */
export function endGently(app: FastifyInstance, streams: Streams): void {
  let stopping = false
  const timers: NodeJS.Timeout[] = []
  app.addHook('preClose', async () => {
    stopping = true
    streams.end()
    timers.push(
      setTimeout(() => app.server.closeAllConnections(), drainMs),
      // An answer that was on its way before could not say that its connection ends.
      setInterval(() => app.server.closeIdleConnections(), lookEveryMs),
    )
  })
  app.addHook('onClose', async () => {
    for (const timer of timers) clearTimeout(timer)
  })
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (stopping) reply.header('connection', 'close')
    done(null, payload)
  })
}
