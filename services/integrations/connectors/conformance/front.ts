// For tests: stands before a provider and hands everything on, until it is told to misbehave. Every provider is so put
// into the same troubles, whether or not its stand-in knows them.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { serve } from './serve.ts'

export type Mood =
  | 'well'
  /** Takes connections and never answers. */
  | 'hangs'
  /** Drops every connection. */
  | 'resets'
  | { status: number; body?: string; headers?: Record<string, string> }

export interface Front {
  url: string
  mood: Mood
  /** The mood is for paths with this ending; for every one where it is empty. */
  only: string
  /** For how many more of them. */
  times: number
  /** How many requests met a mood other than well. */
  met: number
  /** How many requests came. */
  asked: number
  stop(): Promise<void>
}

const handedOn = ['authorization', 'content-type', 'depth', 'if-match', 'accept', 'x-request-id']
const handedBack = ['content-type', 'etag', 'location', 'retry-after']

export async function openFront(target: string): Promise<Front> {
  const served = await serve((request, response) => {
    front.asked += 1
    handle(request, response).catch(() => response.destroy())
  })

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').replace(/\?.*$/, '')
    const isMeant = path.endsWith(front.only) && front.times > 0
    const mood = isMeant ? front.mood : 'well'
    if (mood !== 'well') {
      front.times -= 1
      front.met += 1
    }
    if (mood === 'hangs') return
    if (mood === 'resets') return void response.destroy()
    if (mood !== 'well') return void response.writeHead(mood.status, mood.headers).end(mood.body ?? '')
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    const answer = await fetch(`${target}${request.url}`, {
      method: request.method ?? 'GET',
      headers: pairs(handedOn, name => request.headers[name]),
      redirect: 'manual',
      ...(parts.length > 0 && { body: Buffer.concat(parts) }),
    })
    const headers = pairs(handedBack, name => answer.headers.get(name))
    response.writeHead(answer.status, headers).end(Buffer.from(await answer.arrayBuffer()))
  }

  const front: Front = {
    ...served,
    mood: 'well',
    only: '',
    times: Number.POSITIVE_INFINITY,
    met: 0,
    asked: 0,
  }
  return front
}

const pairs = (
  names: readonly string[],
  read: (name: string) => string | string[] | null | undefined,
): Record<string, string> =>
  Object.fromEntries(
    names.flatMap(name => {
      const value = read(name)
      return typeof value === 'string' ? [[name, value]] : []
    }),
  )
