import { randomUUID } from 'node:crypto'

/** A refusal in Todoist's own shape. */
export class TodoistRefusal extends Error {
  readonly status: number
  readonly tag: string
  readonly code: number

  constructor(status: number, tag: string, code: number, message: string) {
    super(message)
    this.status = status
    this.tag = tag
    this.code = code
  }

  body(): Record<string, unknown> {
    return {
      error: this.message,
      error_code: this.code,
      error_extra: { event_id: randomUUID().replaceAll('-', ''), retry_after: 3 },
      error_tag: this.tag,
      http_code: this.status,
    }
  }
}

/** A refusal that says when to come back, in the header too. */
export class TodoistOverQuota extends TodoistRefusal {
  readonly retryAfterSeconds: number

  constructor(retryAfterSeconds: number) {
    super(429, 'LIMITS_REACHED', 35, 'Too many requests. Limits reached. Try again later')
    this.retryAfterSeconds = retryAfterSeconds
  }

  override body(): Record<string, unknown> {
    return { ...super.body(), error_extra: { retry_after: this.retryAfterSeconds } }
  }
}

export const invalid = (message: string): TodoistRefusal =>
  new TodoistRefusal(400, 'INVALID_ARGUMENT_VALUE', 20, message)
export const notFound = (what: string): TodoistRefusal =>
  new TodoistRefusal(404, 'NOT_FOUND', 478, `${what} not found`)
export const unauthorized = (): TodoistRefusal =>
  new TodoistRefusal(401, 'AUTH_INVALID_TOKEN', 401, 'Invalid token')
export const forbidden = (scope: string): TodoistRefusal =>
  new TodoistRefusal(
    403,
    'AUTH_INSUFFICIENT_TOKEN_SCOPE',
    403,
    `Insufficient token scope: ${scope} is needed`,
  )
