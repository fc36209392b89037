// A module that another process hosts, behind the type it has here. Its names come from the module itself; every
// answer comes over HTTP, under a deadline, and a process that is away is a sentence and not a wait.
import { type ExportFile, type Module, Problem, traceParentOf } from '@oo/kernel'
import { Pool } from 'undici'
import { readLines, silentForMs } from './eventLines.ts'
import {
  type Answered,
  answerHeader,
  handlersOf,
  number,
  parts,
  problemOf,
  readAnswer,
  secretHeader,
  streamHeader,
  text,
  writeRequest,
} from './wire.ts'

const within = { connectMs: 500, operationMs: 5_000, healthMs: 2_000, exportMs: 20_000, eraseMs: 20_000 }
const maxAnswerBytes = 64_000_000

const away = {
  status: 503,
  code: 'part_away',
  title: 'This part of oO does not answer right now; please try again in a moment.',
}

/** The same module with its work done elsewhere: no jobs, no start and no stop of its own but the connection's. */
export function remoteModule<Handlers extends object>(
  here: Module<Handlers>,
  { url, secret }: { url: string; secret: string },
): Module<Handlers> {
  const { name, tables, exporter, eraser } = here
  const call = caller(url, secret, `/modules/${name}`)
  const asPerson = (personId: string) => JSON.stringify({ personId })
  return {
    name,
    handlers: sameHandlers(here.handlers, id => async request => {
      const path = `/operations/${id}`
      return call(path, { body: writeRequest(request), withinMs: within.operationMs })
    }),
    ...(tables && { tables }),
    health: (here.health ?? []).map(({ name: part }) => ({
      name: part,
      async check(signal) {
        const { body } = await call(`/health/${part}`, { body: '{}', withinMs: within.healthMs, signal })
        const { message, down } = parts(body)
        if (down) throw new Error(text(message, 'message'))
        return message === null ? undefined : text(message, 'message')
      },
    })),
    ...(exporter && {
      exporter: {
        tables: exporter.tables,
        async collect(personId) {
          const { body } = await call('/export', { body: asPerson(personId), withinMs: within.exportMs })
          if (!Array.isArray(body)) throw new Error('an export is a list of files')
          return body.map(readFile)
        },
      },
    }),
    ...(eraser && {
      eraser: {
        tables: eraser.tables,
        // In a transaction of the other process: safe to run again, so a rollback here only makes it run again.
        async erase(_tx, personId) {
          const { body } = await call('/erase', { body: asPerson(personId), withinMs: within.eraseMs })
          const { rows, note } = parts(body)
          return { rows: number(rows, 'rows'), ...(note !== undefined && { note: text(note, 'note') }) }
        },
      },
    }),
    stop: () => call.close(),
  }
}

/** The same operations as here, each answered by `make`; what passes between has been parsed on both sides. */
function sameHandlers<Handlers extends object>(
  handlers: Handlers,
  make: (id: string) => (request: object) => Promise<Answered>,
): Handlers {
  const made = [...handlersOf(handlers).keys()].map(id => [id, make(id)])
  return Object.assign(Object.create(null), Object.fromEntries(made))
}

function readFile(value: unknown): ExportFile {
  const { name, about, schema, rows } = parts(value)
  if (!Array.isArray(rows)) throw new Error('the rows of an exported file are a list')
  return {
    name: text(name, 'name'),
    about: text(about, 'about'),
    schema: parts(schema),
    rows: rows.map(parts),
  }
}

interface Call {
  body: string
  withinMs: number
  signal?: AbortSignal
}

function caller(url: string, secret: string, prefix: string) {
  const connect = { pipelining: 1, connectTimeout: within.connectMs }
  const pool = new Pool(url, { ...connect, connections: 32, maxResponseSize: maxAnswerBytes })
  // A live view holds its connection as long as it is open; the edge bounds how many there are.
  const live = new Pool(url, { ...connect, connections: null, bodyTimeout: silentForMs })
  const headers = { 'content-type': 'application/json', [secretHeader]: secret }
  const send = (through: Pool, path: string, more: { body: string; signal: AbortSignal; live?: true }) =>
    through
      .request({
        path: prefix + path,
        method: 'POST',
        headers: { ...headers, ...traced(), ...(more.live && { [streamHeader]: '1' }) },
        body: more.body,
        signal: more.signal,
      })
      .catch(isAway)

  const call = async (path: string, { body, withinMs, signal }: Call): Promise<Answered> => {
    const deadline = AbortSignal.timeout(withinMs)
    const both = signal ? AbortSignal.any([signal, deadline]) : deadline
    const answer = await send(pool, path, { body, signal: both })
    const bytes = Buffer.from(await answer.body.arrayBuffer().catch(isAway))
    const told = readAnswer(answer.headers[answerHeader])
    if (!told) throw new Error(`${url}${prefix}${path} failed (${answer.statusCode}); its own log says why`)
    if (told.kind === 'problem') throw problemOf(told.problem)
    if (told.kind === 'none') return told.answered
    if (told.kind === 'events') return { ...told.answered, events: ending => follow(path, body, ending) }
    return { ...told.answered, body: told.kind === 'bytes' ? bytes : JSON.parse(bytes.toString()) }
  }

  /** Asked once more, because only now somebody reads it. */
  async function* follow(path: string, body: string, signal: AbortSignal) {
    const answer = await send(live, path, { body, signal, live: true })
    const told = readAnswer(answer.headers[answerHeader])
    if (told?.kind === 'problem') throw problemOf(told.problem)
    yield* readLines(answer.body)
  }

  return Object.assign(call, {
    async close() {
      await Promise.all([pool.close(), live.destroy()])
    },
  })
}

function traced(): Record<string, string> {
  const traceparent = traceParentOf()
  return traceparent ? { traceparent } : {}
}

function isAway(cause: unknown): never {
  throw new Problem(away, { cause, retryAfterSeconds: 1 })
}
