// Requests to the servers people named: one way out per server, so that one which is away keeps nobody else waiting.
import { type Clock, type Outbound, OutboundError, openOutbound } from '@oo/kernel'
import { LRUCache } from 'lru-cache'
import { ConnectorTrouble } from '../connector.ts'
import { askedSeconds, waitSeconds } from '../retryAfter.ts'
import { AddressRefused, placeOf } from './address.ts'
import { type Multistatus, readMultistatus } from './multistatus.ts'

export interface SignIn {
  user: string
  password: string
}

export interface DavRequest {
  method: 'PROPFIND' | 'REPORT' | 'GET' | 'PUT'
  url: URL
  depth?: '0' | '1'
  body?: string
  /** What the item must still be. */
  ifMatch?: string
}

export interface DavAnswer {
  status: number
  body: string
  location: string | null
  etag: string | null
  retryAfter: string | null
  /** The server's own clock. */
  date: string | null
}

export interface Dav {
  ask(as: SignIn, request: DavRequest, signal: AbortSignal): Promise<DavAnswer>
  /** Of a request that is answered with a multistatus, and with trouble otherwise. */
  askMany(as: SignIn, request: DavRequest, signal: AbortSignal): Promise<Multistatus>
}

/** Asked for less, the same server answers. */
export class Oversized extends ConnectorTrouble {
  constructor() {
    super('garbage', 'the answer is too large')
  }
}

/** Let in, but not here. Where it is all there is to say, the grant is refused. */
export class Forbidden extends ConnectorTrouble {
  constructor() {
    super('revoked', 'status 403')
  }
}

export interface DavSettings {
  clock: Clock
  innerHosts: readonly string[]
  timeoutMs?: number
  maxBytes?: number
}

const mostServers = 500

export function openDav({ clock, innerHosts, timeoutMs = 5_000, maxBytes = 4_000_000 }: DavSettings): Dav {
  const ways = new LRUCache<string, Outbound>({ max: mostServers })
  const wayTo = (url: URL): Outbound => {
    const { origin } = url
    const known = ways.get(origin)
    if (known) return known
    const publicOnly = !innerHosts.includes(placeOf(url))
    // Named in traces and logs as one target: which server a person uses is theirs.
    const opened = openOutbound({
      target: 'caldav',
      clock,
      timeoutMs,
      connectTimeoutMs: 2_000,
      maxBytes,
      publicOnly,
    })
    ways.set(origin, opened)
    return opened
  }

  async function ask(as: SignIn, request: DavRequest, signal: AbortSignal): Promise<DavAnswer> {
    const { method, url, depth, body, ifMatch } = request
    const headers = {
      authorization: `Basic ${Buffer.from(`${as.user}:${as.password}`).toString('base64')}`,
      ...(body !== undefined && { 'content-type': contentType(method) }),
      ...(depth && { depth }),
      ...(ifMatch !== undefined && { 'if-match': ifMatch }),
    }
    const response = await wayTo(url)
      .fetch(url.href, { method, headers, signal, ...(body !== undefined && { body }) })
      .catch((error: unknown) => {
        throw troubleOf(error)
      })
    return {
      status: response.status,
      body: await response.text(),
      location: response.headers.get('location'),
      etag: response.headers.get('etag'),
      retryAfter: response.headers.get('retry-after'),
      date: response.headers.get('date'),
    }
  }

  return {
    ask,
    async askMany(as, request, signal) {
      const answer = await ask(as, request, signal)
      if (answer.status !== 207) throw troubleAt(answer)
      return readMultistatus(answer.body, request.url)
    },
  }
}

const contentType = (method: DavRequest['method']): string =>
  method === 'PUT' ? 'text/calendar; charset=utf-8' : 'application/xml; charset=utf-8'

function troubleOf(error: unknown): Error {
  const reason = error instanceof OutboundError ? error.reason : 'network'
  if (reason === 'inner') return new AddressRefused('inner')
  return reason === 'size' ? new Oversized() : new ConnectorTrouble('away', reason)
}

/** What a status means that is not the one that was hoped for. */
export function troubleAt({ status, retryAfter, date }: DavAnswer): ConnectorTrouble {
  const detail = `status ${status}`
  if (status === 401) return new ConnectorTrouble('revoked', detail)
  if (status === 403) return new Forbidden()
  if (status === 404 || status === 410) return new ConnectorTrouble('gone', detail)
  if (status === 429) return new ConnectorTrouble('quota', detail, waitSeconds(retryAfter, date))
  if (status >= 500 || status === 408 || status === 423)
    return new ConnectorTrouble('away', detail, askedSeconds(retryAfter, date))
  return new ConnectorTrouble('garbage', detail)
}
