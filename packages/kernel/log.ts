import pino from 'pino'

export type Log = pino.Logger

const secret = [
  'authorization',
  'cookie',
  'set-cookie',
  'token',
  'access_token',
  'refresh_token',
  'code',
  'state',
]
const personal = ['email', 'name', 'text', 'content', 'login_hint']

/** JSON lines on stdout; fields that may hold a secret or a person's words are cut by name. */
export function openLog(
  name: string,
  options: { level?: string; destination?: pino.DestinationStream } = {},
): Log {
  const fields = [...secret, ...personal]
  return pino(
    {
      name,
      level: options.level ?? 'info',
      base: { name },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: label => ({ level: label }) },
      redact: {
        paths: fields.flatMap(f => [`["${f}"]`, `*["${f}"]`, `*.*["${f}"]`]),
        censor: '[cut]',
      },
    },
    options.destination ?? pino.destination({ sync: false, fd: 1 }),
  )
}

export const silentLog: Log = pino({ level: 'silent' })
