/** How a receiver took a message: for good, not now, or never. */
export type Outcome = 'delivered' | 'again' | 'never'
export type Delivery = {
  id: string
  event: string
  attempts: number
  status: 'waiting' | 'delivered' | 'given up'
}
export type Post = (signal: AbortSignal) => Promise<Outcome>

const deadlineMs = 5_000
const maxWaiting = 1_000
const maxRemembered = 1_000

/** Messages on their way, each tried a few times; a full queue drops the new one, as a provider may. */
export class Deliveries {
  readonly #retryAfterMs: readonly number[]
  readonly #stop = new AbortController()
  readonly #timers = new Set<NodeJS.Timeout>()
  readonly list: Delivery[] = []
  #waiting = 0

  constructor(retryAfterMs: readonly number[] = [1_000, 5_000, 15_000]) {
    this.#retryAfterMs = retryAfterMs
  }

  send(id: string, event: string, post: Post): void {
    if (this.#waiting >= maxWaiting) return
    const delivery: Delivery = { id, event, attempts: 0, status: 'waiting' }
    this.list.push(delivery)
    if (this.list.length > maxRemembered) this.list.shift()
    this.#waiting += 1
    void this.#attempt(delivery, post)
  }

  async #attempt(delivery: Delivery, post: Post): Promise<void> {
    delivery.attempts += 1
    const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(deadlineMs)])
    const outcome = await post(signal).catch(() => 'again' as const)
    const waitMs = this.#retryAfterMs[delivery.attempts - 1]
    if (outcome !== 'again' || waitMs === undefined || this.#stop.signal.aborted) {
      delivery.status = outcome === 'delivered' ? 'delivered' : 'given up'
      this.#waiting -= 1
      return
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      void this.#attempt(delivery, post)
    }, waitMs)
    this.#timers.add(timer)
  }

  stop(): void {
    this.#stop.abort()
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
  }
}
