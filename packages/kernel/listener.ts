// The connection on which this process hears what others changed. Its answers to a question every 400 ms prove that
// nothing was missed until the question was asked: an hour of silence and a dead connection look alike otherwise.
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { changesChannel, forgetEverything, type Hub, hear, hubOf } from './changes.ts'
import type { Pool } from './db.ts'
import type { Log } from './log.ts'

const askEveryMs = 400
const trustMs = 1_000
const answerWithinMs = 2_000
const pauseMs = { first: 100, most: 5_000 }

export interface Listener {
  start(): Promise<void>
  stop(): Promise<void>
}

/** Until it listens, and whenever it is cut off, memories hold for a second only. */
export function openListener(db: Pool, { log }: { log: Log }): Listener {
  const hub = hubOf(db.$client)
  const stopping = new AbortController()
  let running = Promise.resolve()

  async function listen(first: () => void): Promise<void> {
    let failures = 0
    while (!stopping.signal.aborted) {
      try {
        await listenOnce(hub, db.$client.options, stopping.signal, () => {
          failures = 0
          first()
        })
      } catch (error) {
        if (stopping.signal.aborted) return
        log.warn({ err: error }, 'changes made by other processes are not heard; memories hold for a second')
      }
      first()
      const ms = Math.min(pauseMs.most, pauseMs.first * 2 ** Math.min(failures++, 10))
      await delay(ms, undefined, { signal: stopping.signal }).catch(() => {})
    }
  }

  return {
    async start() {
      const { promise: tried, resolve } = Promise.withResolvers<void>()
      running = listen(resolve)
      await tried
    },
    async stop() {
      stopping.abort()
      await running
    },
  }
}

/** Listens until the connection is lost, which it throws, or until it is told to stop. */
async function listenOnce(
  hub: Hub,
  options: pg.ClientConfig,
  signal: AbortSignal,
  listening: () => void,
): Promise<void> {
  const client = new pg.Client({ ...options, application_name: 'listener', query_timeout: answerWithinMs })
  let lost: Error | undefined
  client.on('error', error => {
    lost = error
  })
  client.on('end', () => {
    lost ??= new Error('the listening connection ended')
  })
  client.on('notification', ({ payload }) => hear(hub, payload ?? ''))
  const here = {}
  try {
    await client.connect()
    await client.query(`LISTEN ${changesChannel}`)
    forgetEverything(hub)
    hub.listening = here
    while (!lost && !signal.aborted) {
      const askedAtMs = performance.now()
      await client.query('SELECT 1')
      hub.trustedUntilMs = askedAtMs + trustMs
      listening()
      await delay(askEveryMs, undefined, { signal }).catch(() => {})
    }
    if (lost) throw lost
  } finally {
    hub.listening = undefined
    hub.trustedUntilMs = 0
    forgetEverything(hub)
    await client.end().catch(() => {})
  }
}
