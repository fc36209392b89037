import { createHmac, randomUUID } from 'node:crypto'
import { Deliveries, type Delivery, type Outcome, type Post } from '../deliveries.ts'
import type { Person } from '../world.ts'
import { stamp } from './account.ts'
import type { Change } from './tasks.ts'

export type WebhookSettings = {
  target: string | undefined
  clientSecret: string
  now: () => Date
  retryAfterMs?: readonly number[] | undefined
}

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

/** Sends signed changes to the app. */
export class Webhooks {
  #target: string | undefined
  readonly #settings: WebhookSettings
  readonly #deliveries: Deliveries

  constructor(settings: WebhookSettings) {
    this.#settings = settings
    this.#target = settings.target
    this.#deliveries = new Deliveries(settings.retryAfterMs)
  }

  get deliveries(): Delivery[] {
    return this.#deliveries.list
  }

  to(target: string | undefined): void {
    this.#target = target
  }

  send(person: Person, change: Change): void {
    const target = this.#target
    if (!target) return
    const payload = payloadOf(person, change, this.#settings.now())
    const [id, body] = [randomUUID(), JSON.stringify(payload)]
    const post: Post = signal => this.#post(this.#target ?? target, id, body, signal)
    this.#deliveries.send(id, String(payload.event_name), post)
  }

  async #post(target: string, id: string, body: string, signal: AbortSignal): Promise<Outcome> {
    const response = await fetch(target, {
      method: 'POST',
      redirect: 'manual',
      signal,
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Todoist-Webhooks',
        'x-todoist-delivery-id': id,
        'x-todoist-hmac-sha256': createHmac('sha256', this.#settings.clientSecret)
          .update(body)
          .digest('base64'),
      },
      body,
    })
    await response.body?.cancel()
    return response.ok ? 'delivered' : 'again'
  }

  stop(): void {
    this.#deliveries.stop()
  }
}
