export interface ProblemShape {
  status: number
  code: string
  /** The public sentence: what is wrong and what to do. */
  title: string
}

/** A place in what was sent, such as `body/signals/0/value`, and what is wrong with it. */
export interface Misfit {
  path: string
  message: string
}

interface ProblemMore {
  cause?: unknown
  retryAfterSeconds?: number
  errors?: readonly Misfit[]
}

/** The one kind of error a door may show; everything else is answered as an internal error. */
export class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly title: string
  readonly retryAfterSeconds: number | undefined
  readonly errors: readonly Misfit[] | undefined

  constructor(shape: ProblemShape, more: ProblemMore = {}) {
    super(`${shape.code}: ${shape.title}`, { cause: more.cause })
    this.name = 'Problem'
    this.status = shape.status
    this.code = shape.code
    this.title = shape.title
    this.retryAfterSeconds = more.retryAfterSeconds
    this.errors = more.errors
  }
}

export const problems = {
  notSignedIn: { status: 401, code: 'not_signed_in', title: 'Please sign in.' },
  noPerson: {
    status: 403,
    code: 'no_person',
    title: 'This session belongs to no person; sign in as one.',
  },
  forbidden: {
    status: 403,
    code: 'forbidden',
    title: 'This account may not do that.',
  },
  notFound: { status: 404, code: 'not_found', title: 'There is nothing here.' },
  tooMany: {
    status: 429,
    code: 'too_many_requests',
    title: 'Too many tries; please wait a moment.',
  },
  away: {
    status: 503,
    code: 'database_away',
    title: 'oO cannot reach its database; it tries again by itself.',
  },
  full: {
    status: 503,
    code: 'database_full',
    title: 'oO has no room to write just now. Nothing was recorded; please try again in a while.',
  },
  busy: {
    status: 503,
    code: 'busy',
    title: 'oO has more to write than it can at this moment; please try again in a second.',
  },
} satisfies Record<string, ProblemShape>
