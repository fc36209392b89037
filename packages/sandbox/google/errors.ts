import type { Fields } from '../read.ts'

type Place = { location: string; locationType: 'parameter' | 'header' }

/** A refusal in the JSON that Google's APIs answer with: code and message, and the reasons in `errors`. */
export class GoogleRefusal extends Error {
  readonly status: number
  readonly reason: string
  readonly #domain: string
  readonly #place: Place | undefined
  readonly headers: Record<string, string>

  constructor(
    status: number,
    reason: string,
    message: string,
    more: { domain?: string; place?: Place | undefined; headers?: Record<string, string> } = {},
  ) {
    super(message)
    this.status = status
    this.reason = reason
    this.#domain = more.domain ?? 'global'
    this.#place = more.place
    this.headers = more.headers ?? {}
  }

  body(): Fields {
    const entry = { domain: this.#domain, reason: this.reason, message: this.message, ...this.#place }
    return { error: { errors: [entry], code: this.status, message: this.message } }
  }
}

const parameter = (location: string): { place: Place } => ({ place: { location, locationType: 'parameter' } })

export const badRequest = (message: string): GoogleRefusal => new GoogleRefusal(400, 'badRequest', message)
export const required = (name: string): GoogleRefusal =>
  new GoogleRefusal(400, 'required', `Missing required parameter: ${name}`, parameter(name))
export const invalid = (name: string, message = `Invalid value for: ${name}`): GoogleRefusal =>
  new GoogleRefusal(400, 'invalid', message, parameter(name))
export const timeRangeEmpty = (): GoogleRefusal =>
  new GoogleRefusal(400, 'timeRangeEmpty', 'The specified time range is empty.', {
    domain: 'calendar',
    ...parameter('timeMax'),
  })
export const unauthorized = (): GoogleRefusal =>
  new GoogleRefusal(401, 'authError', 'Invalid Credentials', {
    place: { location: 'Authorization', locationType: 'header' },
    headers: { 'www-authenticate': 'Bearer realm="https://accounts.google.com/", error="invalid_token"' },
  })
export const insufficient = (): GoogleRefusal =>
  new GoogleRefusal(403, 'insufficientPermissions', 'Request had insufficient authentication scopes.', {
    headers: {
      'www-authenticate': 'Bearer realm="https://accounts.google.com/", error="insufficient_scope"',
    },
  })
export const notFound = (): GoogleRefusal => new GoogleRefusal(404, 'notFound', 'Not Found')
export const fullSyncRequired = (): GoogleRefusal =>
  new GoogleRefusal(410, 'fullSyncRequired', 'Sync token is no longer valid, a full sync is required.', {
    domain: 'calendar',
    ...parameter('syncToken'),
  })
export const syncTokenAlone = (): GoogleRefusal =>
  new GoogleRefusal(
    400,
    'syncTokenWithRequestRestrictions',
    'Sync token cannot be used with other request restrictions.',
    { domain: 'calendar', ...parameter('syncToken') },
  )
export const deletedAlready = (): GoogleRefusal =>
  new GoogleRefusal(410, 'deleted', 'Resource has been deleted')

/** Calendars that Google itself fills, with holidays or birthdays, cannot be watched. */
export const pushNotSupported = (): GoogleRefusal =>
  new GoogleRefusal(
    400,
    'pushNotSupportedForRequestedResource',
    'Push notifications are not supported by this resource.',
  )

const quotaMessages = {
  rateLimitExceeded: 'Rate Limit Exceeded',
  userRateLimitExceeded: 'User Rate Limit Exceeded',
  quotaExceeded: 'Calendar usage limits exceeded.',
}
export type QuotaReason = keyof typeof quotaMessages
export const isQuotaReason = (value: unknown): value is QuotaReason =>
  typeof value === 'string' && Object.hasOwn(quotaMessages, value)

export const overQuota = (status: 403 | 429, reason: QuotaReason): GoogleRefusal =>
  new GoogleRefusal(status, reason, quotaMessages[reason], { domain: 'usageLimits' })
