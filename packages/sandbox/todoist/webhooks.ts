import { createHmac, randomUUID } from 'node:crypto'
import type { Person } from '../world.ts'
import { stamp } from './account.ts'
import type { Change } from './tasks.ts'

export type WebhookSettings = {
  target: string | undefined
  clientSecret: string
  now: () => Date
  retryAfterMs?: readonly number[] | undefined
}
export type Delivery = {
  id: string
  event: string
  attempts: number
  status: 'waiting' | 'delivered' | 'given up'
}

const deadlineMs = 5_000
const maxWaiting = 1_000
const maxRemembered = 1_000

/** Todoist's wire name of what happened; an occurrence of a recurring task is an update with its reason. */
function payloadOf(person: Person, change: Change, now: Date): Record<string, unknown> {
  const { account } = person
  return {
    version: '1',
    user_id: account.userId,
    initiator: {
      id: account.userId,
      full_name: person.name,
      email: person.email,
      image_id: null,
      is_premium: false,
    },
    event_name: `item:${change.event}`,
    event_data: { ...change.task, url: `https://app.todoist.com/app/task/${change.task.id}` },
    ...(change.before && { event_data_extra: { old_item: change.before, update_intent: change.intent } }),
    triggered_at: stamp(now),
  }
}

/** Sends signed changes to the app, each tried a few times; a full queue drops the new one, as a provider may. */
export class Webhooks {
  #target: string | undefined
  readonly #settings: WebhookSettings
  readonly #stop = new AbortController()
  readonly #timers = new Set<NodeJS.Timeout>()
  readonly deliveries: Delivery[] = []
  #waiting = 0

  constructor(settings: WebhookSettings) {
    this.#settings = settings
    this.#target = settings.target
  }

  to(target: string | undefined): void {
    this.#target = target
  }

  send(person: Person, change: Change): void {
    if (!this.#target || this.#waiting >= maxWaiting) return
    const payload = payloadOf(person, change, this.#settings.now())
    const delivery: Delivery = {
      id: randomUUID(),
      event: String(payload.event_name),
      attempts: 0,
      status: 'waiting',
    }
    this.deliveries.push(delivery)
    if (this.deliveries.length > maxRemembered) this.deliveries.shift()
    this.#waiting += 1
    void this.#attempt(delivery, JSON.stringify(payload), this.#target)
  }

  async #attempt(delivery: Delivery, body: string, target: string): Promise<void> {
    delivery.attempts += 1
    const accepted = await this.#post(delivery, body, target)
    const waits = this.#settings.retryAfterMs ?? [1_000, 5_000, 15_000]
    const waitMs = waits[delivery.attempts - 1]
    if (accepted || waitMs === undefined || this.#stop.signal.aborted) {
      delivery.status = accepted ? 'delivered' : 'given up'
      this.#waiting -= 1
      return
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      void this.#attempt(delivery, body, this.#target ?? target)
    }, waitMs)
    this.#timers.add(timer)
  }

  async #post(delivery: Delivery, body: string, target: string): Promise<boolean> {
    try {
      const response = await fetch(target, {
        method: 'POST',
        redirect: 'manual',
        signal: AbortSignal.any([this.#stop.signal, AbortSignal.timeout(deadlineMs)]),
        headers: {
          'content-type': 'application/json',
          'user-agent': 'Todoist-Webhooks',
          'x-todoist-delivery-id': delivery.id,
          'x-todoist-hmac-sha256': createHmac('sha256', this.#settings.clientSecret)
            .update(body)
            .digest('base64'),
        },
        body,
      })
      await response.body?.cancel()
      return response.ok
    } catch {
      return false
    }
  }

  stop(): void {
    this.#stop.abort()
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
  }
}
