// Todoist's deliveries: `X-Todoist-Hmac-SHA256` is the base64 of the HMAC over the raw body, keyed by the client secret.
import { createHmac } from 'node:crypto'
import { sameSecret } from '@oo/kernel'
import type { Signed } from '@oo/shared-types/handlers'
import type { Delivery } from '../connector.ts'

/** Null when it is not signed by Todoist. */
export function readTodoistWebhook(clientSecret: string, { bytes, headers }: Signed): Delivery | null {
  const signature = headers['x-todoist-hmac-sha256']
  const expected = createHmac('sha256', clientSecret).update(bytes).digest('base64')
  if (typeof signature !== 'string' || !sameSecret(signature, expected)) return null
  const id = headers['x-todoist-delivery-id']
  const said: unknown = bytes.length === 0 ? null : JSON.parse(bytes.toString())
  const account = textAt(said, 'user_id')
  const at = new Date(textAt(said, 'triggered_at') ?? '')
  return {
    id: typeof id === 'string' ? id : undefined,
    account,
    at: Number.isNaN(at.getTime()) ? undefined : at,
  }
}

function textAt(said: unknown, name: string): string | undefined {
  const value: unknown = typeof said === 'object' && said !== null ? Reflect.get(said, name) : undefined
  return typeof value === 'string' ? value : undefined
}
