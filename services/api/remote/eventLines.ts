// An answer that goes on, between processes: each event a line of JSON, and now and then an empty line, so that the
// edge can tell silence from death.
import { once } from 'node:events'
import { PassThrough, type Readable } from 'node:stream'
import type { StreamedEvent } from '@oo/shared-types/handlers'
import { readEvent } from './wire.ts'

const beatEveryMs = 5_000
export const silentForMs = 15_000
const longestLine = 1_000_000

/** One event at a time, asked for when there is room; it ends with its source, and breaks off when that fails. */
export function writeLines(
  events: AsyncIterable<StreamedEvent<object>>,
  { signal, failed }: { signal: AbortSignal; failed: (error: unknown) => void },
): Readable {
  const out = new PassThrough()
  const beat = setInterval(() => out.writableNeedDrain || out.write('\n'), beatEveryMs)
  const end = () => void out.end()
  signal.addEventListener('abort', end)
  out.once('close', () => clearInterval(beat))
  const pump = async () => {
    for await (const event of events) {
      if (signal.aborted) return
      if (!out.write(`${JSON.stringify(event)}\n`)) await once(out, 'drain', { signal })
    }
  }
  pump().then(end, (error: unknown) => {
    if (signal.aborted) return end()
    failed(error)
    out.destroy()
  })
  return out
}

export async function* readLines(body: AsyncIterable<Buffer>): AsyncGenerator<StreamedEvent<object>> {
  const decoder = new TextDecoder()
  let held = ''
  for await (const chunk of body) {
    const lines = (held + decoder.decode(chunk, { stream: true })).split('\n')
    held = lines.pop() ?? ''
    if (held.length > longestLine) throw new Error('an event is longer than any of ours')
    for (const line of lines) {
      const event = readEvent(line)
      if (event) yield event
    }
  }
}
