import pino from 'pino'

export type Log = pino.Logger

const secret = ['authorization', 'cookie', 'set-cookie', 'token', 'access_token', 'refresh_token']
const personal = ['email', 'name', 'text', 'content', 'login_hint']

/** JSON lines on stdout; fields that may hold a secret or a person's words are cut by name. */
export function openLog(
  name: string,
  options: { level?: string; destination?: pino.DestinationStream } = {},
): Log {
  const fields = [...secret, ...personal]
  return pino(
    {
      level: options.level ?? 'info',
      base: { process: name },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: label => ({ level: label }) },
      serializers: { err: withoutParameters },
      redact: {
        paths: fields.flatMap(f => [`["${f}"]`, `*["${f}"]`, `*.*["${f}"]`]),
        censor: '[cut]',
      },
    },
    options.destination ?? standardOutput(),
  )
}

const keptCharacters = 1_000_000

/**
 * A log that cannot be written, because its disk is full, costs lines and nothing else: left alone, the first such
 * error ends the process, and its last flush then tries for ever.
 */
function standardOutput(): pino.DestinationStream {
  const stream = pino.destination({ sync: false, fd: 1, maxLength: keptCharacters })
  const flush = stream.flushSync.bind(stream)
  let failing = false
  stream.on('error', () => {
    failing = true
  })
  stream.on('write', () => {
    failing = false
  })
  stream.flushSync = () => {
    if (!failing) flush()
  }
  return stream
}

/** What an error says, without what it was given: database errors quote the values of their query. */
function withoutParameters(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error }
  const code = 'code' in error ? String(error.code) : undefined
  return {
    type: error.name,
    message: error.message.replace(/\nparams: [\s\S]*/, ''),
    ...(code && { code }),
    stack: (error.stack ?? '')
      .split('\n')
      .filter(line => /^\s+at /.test(line))
      .slice(0, 12)
      .join('\n'),
    ...(error.cause instanceof Error && { cause: withoutParameters(error.cause) }),
  }
}

export const silentLog: Log = pino({ level: 'silent' })
