// Clients that react as fast as they are answered. What got no clear answer is asked again until it does, as the web
// app does, and only what was answered with 200 is in the ledger.
import { setTimeout as delay } from 'node:timers/promises'
import type { Ask } from '../bench/load.ts'
import type { Ledger } from './ledger.ts'

export interface Task {
  tipId: string
  reaction: string
  ask: Ask
}

export interface Clients {
  ledger: Ledger
  /** Answers that were neither 200 nor "come again". */
  strange: string[]
  /** How often each status was answered; 0 where there was no answer. */
  statuses: ReadonlyMap<number, number>
  /** Requests that got no answer, or were asked to come again. */
  unanswered(): number
  give(tasks: readonly Task[]): void
  left(): number
  /** Milliseconds from `since` to the first 200 to a request that was sent after it. */
  firstAnswerAfter(since: number): Promise<number>
  stop(): Promise<void>
}

const answerWithinMs = 10_000
const againAfterMs = 25
const lookAgainMs = 5
const mostStrange = 5

export function startClients(input: {
  url: string
  count: number
  signal: AbortSignal
  ledger?: Ledger
}): Clients {
  const { url, count, signal: stopped } = input
  const ledger: Ledger = input.ledger ?? new Map()
  const stock: Task[] = []
  const strange: string[] = []
  const statuses = new Map<number, number>()
  const stopping = new AbortController()
  const signal = AbortSignal.any([stopped, stopping.signal])
  let unanswered = 0
  const waiting = new Set<{ since: number; resolve: (ms: number) => void; reject: (error: Error) => void }>()
  signal.addEventListener('abort', () => {
    for (const { reject } of waiting) reject(new Error('The clients were stopped.'))
  })

  const acknowledged = (task: Task, reactionId: string, sentAt: number) => {
    ledger.set(task.tipId, { reactionId, reaction: task.reaction })
    for (const waiter of waiting)
      if (sentAt >= waiter.since) {
        waiting.delete(waiter)
        waiter.resolve(performance.now() - waiter.since)
      }
  }
  const settle = async (task: Task) => {
    while (!signal.aborted) {
      const sentAt = performance.now()
      const answer = await send(url, task.ask)
      const status = answer?.status ?? 0
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      if (answer?.status === 200) return acknowledged(task, answer.id, sentAt)
      if (answer && answer.status !== 429 && answer.status < 500) {
        if (strange.length < mostStrange) strange.push(`${answer.status} ${answer.text.slice(0, 200)}`)
        return
      }
      unanswered += 1
      await rest(againAfterMs, signal)
    }
  }
  const client = async () => {
    while (!signal.aborted) {
      const task = stock.pop()
      if (task) await settle(task)
      else await rest(lookAgainMs, signal)
    }
  }
  const running = Promise.all(Array.from({ length: count }, client))
  running.catch(() => {})
  return {
    ledger,
    strange,
    statuses,
    unanswered: () => unanswered,
    give: tasks => void stock.push(...tasks),
    left: () => stock.length,
    firstAnswerAfter: since =>
      new Promise((resolve, reject) => {
        if (signal.aborted) reject(new Error('The clients were stopped.'))
        waiting.add({ since, resolve, reject })
      }),
    async stop() {
      stopping.abort()
      await running
    },
  }
}

async function rest(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => {})
}

/** Undefined when there was no answer. */
async function send(
  url: string,
  { path, ...ask }: Ask,
): Promise<{ status: number; id: string; text: string } | undefined> {
  try {
    const answer = await fetch(url + path, { ...ask, signal: AbortSignal.timeout(answerWithinMs) })
    const text = await answer.text()
    const body: unknown = answer.status === 200 ? JSON.parse(text) : {}
    return { status: answer.status, id: String(Object(body).id), text }
  } catch {
    return undefined
  }
}
