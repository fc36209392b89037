import { databaseTrouble, type Misfit, Problem } from '@oo/kernel'
import type { Problem as ProblemDocument } from '@oo/shared-types'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'

interface Answered {
  status: number
  code: string
  title: string
  retryAfterSeconds?: number | undefined
  errors?: readonly Misfit[] | undefined
}

const unknown: Answered = {
  status: 500,
  code: 'internal',
  title: 'Something went wrong on our side; please try again. The request id helps us to find it.',
}

/** Nobody is there to read it; it keeps a caller that hung up from being logged as our failure. */
const hungUp: Answered = { status: 400, code: 'malformed', title: 'The request ended before it was whole.' }

const notJsonShape = {
  status: 415,
  code: 'not_json',
  title: 'Send JSON, with content-type application/json.',
}

export const notJson = new Problem(notJsonShape)

const ofFramework: Record<string, Answered> = {
  FST_ERR_CTP_BODY_TOO_LARGE: {
    status: 413,
    code: 'too_large',
    title: 'The request is too large; send less.',
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: notJsonShape,
  FST_ERR_CTP_EMPTY_JSON_BODY: {
    status: 400,
    code: 'malformed',
    title: 'The body is empty; send JSON or nothing at all.',
  },
  FST_ERR_CTP_INVALID_JSON_BODY: { status: 400, code: 'malformed', title: 'The body is not valid JSON.' },
  // PostgreSQL: no text holds the character NUL. It comes from outside, ours has none.
  '22021': { status: 400, code: 'malformed', title: 'The request holds a character that no text may hold.' },
  FST_ERR_BAD_URL: { status: 400, code: 'malformed', title: 'The address cannot be read.' },
  FST_ERR_MAX_PARAM_LENGTH: { status: 414, code: 'too_large', title: 'The address is too long.' },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    status: 400,
    code: 'malformed',
    title: 'The body is not as long as its content-length says.',
  },
}

/** The one mapper from errors to what the outside sees: no stack, no SQL, a sentence and a request id. */
export function sendProblem(error: FastifyError | Error, request: FastifyRequest, reply: FastifyReply): void {
  const answered = request.raw.readableAborted ? hungUp : answerOf(error)
  if (answered.status >= 500) request.log.error({ err: error, requestId: request.id }, 'a request failed')
  const document: ProblemDocument = {
    type: 'about:blank',
    title: answered.title,
    status: answered.status,
    code: answered.code,
    requestId: request.id,
    ...(answered.errors && { errors: [...answered.errors] }),
  }
  if (answered.retryAfterSeconds) reply.header('retry-after', answered.retryAfterSeconds)
  // The rest of a body that nobody reads stands before whatever comes next by this connection.
  if (request.raw.complete === false) reply.header('connection', 'close')
  reply
    .code(answered.status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .serializer(JSON.stringify)
    .send(document)
}

function answerOf(error: FastifyError | Error): Answered {
  if (error instanceof Problem) return error
  const trouble = databaseTrouble(error)
  if (trouble) return { ...trouble, retryAfterSeconds: 1 }
  if ('validation' in error && error.validation) return misfitOf(error)
  const code = 'code' in error ? error.code : ''
  const known = ofFramework[code]
  if (known) return known
  const status = 'statusCode' in error ? error.statusCode : undefined
  if (status === 400) return { status: 400, code: 'malformed', title: 'The request cannot be read.' }
  return unknown
}

/** What does not fit the contract, and where. */
export function misfitOf({
  validation,
  validationContext,
}: Pick<FastifyError, 'validation'> & { validationContext?: string }): Problem {
  const errors = (validation ?? []).slice(0, 10).map(({ instancePath, message, params }) => ({
    path: `${validationContext ?? ''}${instancePath}`,
    message: [message, unknownField(params)].filter(Boolean).join(': '),
  }))
  const title = 'The request does not fit the contract; see errors.'
  return new Problem({ status: 400, code: 'malformed', title }, { errors })
}

function unknownField(params: Record<string, unknown>): string {
  const name = params.additionalProperty
  return typeof name === 'string' ? name.slice(0, 60) : ''
}
