// For tests: a real CalDAV server with a person and their lists, and a front before it.
import { frozenClock } from '@oo/kernel'
import { startRadicale, taskListsOf } from '@oo/local'
import { serve } from '../conformance/serve.ts'
import type { Connector, TaskApp, Tokens } from '../connector.ts'
import { createCalDav } from './caldav.ts'

export const ann = { user: 'ann', password: 'app-päss:word' }

export const signal = () => AbortSignal.timeout(20_000)

/** The open tasks of a connection, read anew. */
export const openTasksOf = async (
  { tasks }: Connector & { tasks: TaskApp },
  tokens: Tokens,
  timeZone: string | null = null,
) => (await tasks.read(tokens, { timeZone }, signal())).tasks

export type House = Awaited<ReturnType<typeof openHouse>>

export async function openHouse() {
  const radicale = await startRadicale({ users: { [ann.user]: ann.password } })
  const front = await openFront(radicale.url)
  const clock = frozenClock('2026-05-04T10:00:00Z')
  const { host } = new URL(front.url)
  const connector = createCalDav({ innerHosts: [host] }, { clock })
  const lists = taskListsOf({ url: radicale.url, ...ann })

  return {
    radicale,
    front,
    clock,
    connector,
    signIn: (address = front.url) => connector.entry.signIn({ ...ann, address }, signal()),

    ...lists,

    async stop() {
      await Promise.all([front.stop(), radicale.stop()])
    },
  }
}

/** Stands before a server, tells what was asked, lets something happen before a request goes on, and spoils an answer. */
async function openFront(target: string) {
  const asked: string[] = []
  const spoiled = new Set<string>()
  let before: { method: string; act: () => Promise<unknown>; times: number } | undefined
  const served = await serve(async (request, response) => {
    asked.push(`${request.method} ${request.url}`)
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    if (before && before.method === request.method && before.times > 0) {
      before.times -= 1
      await before.act()
    }
    const headers = new Headers()
    for (const name of ['authorization', 'content-type', 'depth', 'if-match']) {
      const value = request.headers[name]
      if (typeof value === 'string') headers.set(name, value)
    }
    const answer = await fetch(`${target}${request.url}`, {
      method: request.method ?? 'GET',
      headers,
      redirect: 'manual',
      ...(parts.length > 0 && { body: Buffer.concat(parts) }),
    })
    const back = ['content-type', 'etag', 'location'].flatMap(name => {
      const value = answer.headers.get(name)
      return value === null ? [] : [[name, value] as const]
    })
    const body = await answer.text()
    const isSpoiled = request.method === 'GET' && spoiled.has(request.url ?? '')
    response.writeHead(answer.status, Object.fromEntries(back)).end(isSpoiled ? 'no calendar' : body)
  })
  return {
    ...served,
    asked,
    /** Paths whose items are nonsense. */
    spoiled,
    before(method: string, act: () => Promise<unknown>, times = 1) {
      before = { method, act, times }
    },
  }
}
