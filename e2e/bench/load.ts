import autocannon from 'autocannon'
import { percentile } from './statistics.ts'

export interface Ask {
  method: 'GET' | 'POST'
  path: string
  headers: Record<string, string>
  body?: string
}

export interface Load {
  url: string
  connections: number
  /** How long, or how many requests in all. */
  until: { seconds: number } | { requests: number }
  /** What one connection sends, in turn and again from the start; no two connections share a person. */
  asks(connection: number): Ask[]
}

/** What one lap showed; only 2xx answers count. */
export interface Lap {
  perSecond: number
  answered: number
  /** Connections that broke, timeouts, and answers that were not 2xx. */
  failed: number
  p50Ms: number
  p99Ms: number
  seconds: number
}

const answerWithinSeconds = 10

/** Closed loop: each connection sends its next request when the last one was answered. */
export async function runLoad({ url, connections, until, asks }: Load): Promise<Lap> {
  let next = 0
  const times: number[] = []
  const clock = { first: performance.now(), last: 0 }
  const options: autocannon.Options = {
    url,
    connections,
    timeout: answerWithinSeconds,
    ...('seconds' in until ? { duration: until.seconds } : { amount: until.requests }),
    setupClient(client) {
      client.setRequests(asks(next++))
      client.on('response', (status: number, _bytes: number, took: number) => {
        clock.last = performance.now()
        if (status >= 200 && status < 300) times.push(took)
      })
    },
  }
  clock.first = performance.now()
  const result = await autocannon(options)
  if (times.length === 0)
    throw new Error(
      `${url} gave no good answer: ${result.non2xx} refusals, ${result.errors} broken connections.`,
    )
  const seconds = (clock.last - clock.first) / 1_000
  return {
    perSecond: times.length / seconds,
    answered: times.length,
    failed: result.non2xx + result.errors,
    p50Ms: percentile(times, 0.5),
    p99Ms: percentile(times, 0.99),
    seconds,
  }
}
