// Answers that go on: server-sent events. Whether the reader may still read is asked again while one is open, so a
// session that was revoked or a role that was lost ends it; all of them end when the edge stops.
import { once } from 'node:events'
import { PassThrough, type Writable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { type Log, Problem } from '@oo/kernel'
import type { EventStream, StreamedEvent } from '@oo/shared-types/handlers'
import type { FastifyReply, FastifyRequest } from 'fastify'

export interface Streams {
  answer(events: EventStream<object>, to: Reader): FastifyReply
  /** Ends all that are open and refuses new ones. */
  end(): void
}

interface Reader {
  request: FastifyRequest
  reply: FastifyReply
  /** Whether the reader may go on; `fresh`: as the database says now, not as it was remembered. */
  allowed: (fresh: boolean) => Promise<boolean>
}

const mostOpen = 1_000
/** With the question itself well under the second that a revocation in another process may take. */
const askAgainMs = 500
/** Proxies close what is silent for long; a reader that takes nothing for as long is gone. */
const beatMs = 15_000
const bufferBytes = 64 * 1024
const comeBackMs = 1_000

const tooMany = {
  status: 503,
  code: 'too_many_streams',
  title: 'Too many live views are open; please try again in a moment.',
}
const stopping = {
  status: 503,
  code: 'stopping',
  title: 'oO is being restarted. Try again in a moment.',
}

export function createStreams({ log }: { log: Log }): Streams {
  const open = new Set<AbortController>()
  let ended = false
  return {
    answer(events, { request, reply, allowed }) {
      if (ended) throw new Problem(stopping, { retryAfterSeconds: 1 })
      if (open.size >= mostOpen) throw new Problem(tooMany, { retryAfterSeconds: 5 })
      const over = new AbortController()
      const out = new PassThrough({ writableHighWaterMark: bufferBytes, readableHighWaterMark: bufferBytes })
      open.add(over)
      over.signal.addEventListener('abort', () => {
        open.delete(over)
        out.end()
      })
      out.once('close', () => over.abort())
      // Serialising by the contract keeps inside what it does not declare, as in every other answer.
      const frame = (event: StreamedEvent<object>) =>
        frameOf(event, String(reply.serializeInput({ ...event.data }, '200', 'text/event-stream')))
      void askAgain(over, allowed)
      beat(over.signal, out)
      void pump(events(over.signal), out, { signal: over.signal, frame, allowed })
        .catch((error: unknown) => {
          if (!over.signal.aborted) log.warn({ err: error, requestId: request.id }, 'a live view broke off')
        })
        .finally(() => over.abort())
      return reply
        .code(200)
        .headers({ 'content-type': 'text/event-stream', 'x-accel-buffering': 'no', connection: 'close' })
        .send(out)
    },
    end() {
      ended = true
      for (const over of open) over.abort()
    },
  }
}

interface Pumping {
  signal: AbortSignal
  frame(event: StreamedEvent<object>): string
  allowed: Reader['allowed']
}

/** One event at a time: a source is asked for the next one only when the reader has room. */
async function pump(
  events: AsyncIterable<StreamedEvent<object>>,
  out: Writable,
  { signal, frame, allowed }: Pumping,
): Promise<void> {
  out.write(`retry: ${comeBackMs}\n\n`)
  for await (const event of events) {
    if (signal.aborted || !(await allowed(false)) || signal.aborted) return
    if (!out.write(frame(event))) await once(out, 'drain', { signal })
  }
}

async function askAgain(over: AbortController, allowed: Reader['allowed']): Promise<void> {
  const { signal } = over
  while (!signal.aborted) {
    await delay(askAgainMs, undefined, { signal, ref: false }).catch(() => {})
    // What cannot be confirmed ends too; the browser comes back by itself and is asked then.
    if (!signal.aborted && !(await allowed(true).catch(() => false))) over.abort()
  }
}

function beat(signal: AbortSignal, out: Writable): void {
  let full = false
  const timer = setInterval(() => {
    if (full && out.writableNeedDrain) out.destroy()
    full = out.writableNeedDrain
    if (!full) out.write(':\n\n')
  }, beatMs)
  signal.addEventListener('abort', () => clearInterval(timer))
}

/** The data is one line of JSON; an id or a name with a line break would become fields of its own. */
function frameOf({ id, event }: StreamedEvent<object>, data: string): string {
  const line = (field: string, value: string | undefined) =>
    value === undefined ? '' : `${field}: ${value.replaceAll(/[\r\n\0]/g, ' ')}\n`
  return `${line('id', id)}${line('event', event)}data: ${data}\n\n`
}
