import type { Problem } from '@oo/shared-types'

/** What the api refused or could not do. `message` is a sentence for people; `status` is 0 when no answer came. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem'
  readonly status: number
  readonly code: string
  readonly requestId: string | undefined
  readonly errors: NonNullable<Problem['errors']>

  constructor(problem: Pick<Problem, 'title' | 'status' | 'code'> & Partial<Problem>) {
    super(problem.detail ? `${problem.title} ${problem.detail}` : problem.title)
    this.status = problem.status
    this.code = problem.code
    this.requestId = problem.requestId
    this.errors = problem.errors ?? []
  }
}

/** No answer at all: the network is away, or the deadline passed. */
export function unreachable(): ApiProblem {
  return new ApiProblem({
    title: 'oO cannot be reached right now. Check the connection and try again.',
    status: 0,
    code: 'unreachable',
  })
}

/** Reads a refusal; an answer that is no problem document still becomes a sentence. */
export async function problemOf(response: Response): Promise<ApiProblem> {
  const body: unknown = await response.json().catch(() => null)
  if (isProblem(body)) return new ApiProblem(body)
  return new ApiProblem({
    title: `oO answered with an error (${response.status}). Try again in a moment.`,
    status: response.status,
    code: 'unknown',
  })
}

/** Guarantees the fields that are read here; the rest of the document is optional. */
function isProblem(body: unknown): body is Problem {
  if (typeof body !== 'object' || body === null) return false
  return (
    'title' in body &&
    typeof body.title === 'string' &&
    'status' in body &&
    typeof body.status === 'number' &&
    'code' in body &&
    typeof body.code === 'string'
  )
}
