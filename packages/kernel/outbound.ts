// The only way out: every call has a connect and a total deadline, a bounded answer and a breaker per target.
import { Agent, errors, fetch as undiciFetch } from 'undici'
import type { Clock } from './clock.ts'
import { lookupPublic, NotPublic, refuseInnerAddress } from './publicAddress.ts'
import { inSpan } from './span.ts'

/** `size`: more than the bound. `inner`: not an address of the public internet. */
type OutboundReason = 'open' | 'timeout' | 'network' | 'size' | 'inner'

export class OutboundError extends Error {
  readonly reason: OutboundReason
  constructor(reason: OutboundReason, target: string, cause?: unknown) {
    super(`${target}: ${reason}`, { cause })
    this.name = 'OutboundError'
    this.reason = reason
  }
}

export interface Outbound {
  fetch: typeof fetch
  /** While open, calls fail at once instead of waiting for a provider that is known to be away. */
  isOpen(): boolean
}

export interface OutboundSettings {
  target: string
  clock: Clock
  timeoutMs: number
  connectTimeoutMs?: number
  failuresToOpen?: number
  openForMs?: number
  maxBytes?: number
  /** For servers that somebody else names: never to this machine or its network, whatever their name means. */
  publicOnly?: boolean
}

export function openOutbound(settings: OutboundSettings): Outbound {
  const { target, clock, timeoutMs, failuresToOpen = 5, openForMs = 10_000, maxBytes = 5_000_000 } = settings
  const agent = new Agent({
    connect: {
      timeout: settings.connectTimeoutMs ?? 1_000,
      ...(settings.publicOnly && { lookup: lookupPublic }),
    },
    connections: 16,
    maxResponseSize: maxBytes,
    bodyTimeout: timeoutMs,
    headersTimeout: timeoutMs,
  })
  let failures = 0
  let openUntil = 0
  const isOpen = () => clock.now().getTime() < openUntil
  const failed = () => {
    failures += 1
    if (failures >= failuresToOpen) openUntil = clock.now().getTime() + openForMs
  }

  const call = async (input: unknown, init: RequestInit = {}): Promise<Response> => {
    if (isOpen()) throw new OutboundError('open', target)
    const deadline = AbortSignal.timeout(timeoutMs)
    const signal = init.signal ? AbortSignal.any([init.signal, deadline]) : deadline
    try {
      if (settings.publicOnly)
        refuseInnerAddress(new URL(input instanceof Request ? input.url : String(input)))
      const response = await sendWith(agent, input, {
        ...init,
        signal,
        redirect: 'manual',
      })
      // Read here, under the deadline: a provider that drips its body must not hold a request open.
      const body = await bytesWithin(maxBytes, response.body)
      if (response.status >= 500) failed()
      else failures = 0
      const empty = response.status === 204 || response.status === 205 || response.status === 304
      return new Response(empty ? null : body, {
        status: response.status,
        headers: [...response.headers],
      })
    } catch (error) {
      const reason = reasonOf(error, deadline)
      // A caller that gave up says nothing about the provider, and one that answers too much is not away.
      if (!init.signal?.aborted && (reason === 'timeout' || reason === 'network')) failed()
      throw new OutboundError(reason, target, error)
    }
  }
  return {
    fetch: (input: unknown, init?: RequestInit) =>
      inSpan(`call ${target}`, { kind: 'client' }, () => call(input, init)),
    isOpen,
  }
}

class TooLarge extends Error {}

/** undici bounds what comes over the wire; this bounds what that unpacks to. */
async function bytesWithin(
  maxBytes: number,
  body: AsyncIterable<Uint8Array> | null,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of body ?? []) {
    bytes += part.byteLength
    if (bytes > maxBytes) throw new TooLarge()
    parts.push(part)
  }
  return new Uint8Array(Buffer.concat(parts))
}

function reasonOf(error: unknown, deadline: AbortSignal): OutboundReason {
  const all = causesOf(error)
  if (all.some(cause => cause instanceof NotPublic)) return 'inner'
  if (all.some(cause => cause instanceof TooLarge || cause instanceof errors.ResponseExceededMaxSizeError))
    return 'size'
  return deadline.aborted ? 'timeout' : 'network'
}

/** An error, what caused it, and what caused that; bounded, because a cause may be its own. */
function causesOf(error: unknown): unknown[] {
  const all: unknown[] = []
  for (let cause = error; cause instanceof Error && all.length < 5; cause = cause.cause) {
    all.push(cause)
    if (cause instanceof AggregateError) all.push(...cause.errors.slice(0, 5))
  }
  return all
}

/** undici's own types and the global ones describe the same objects; this is the one place that says so. */
function sendWith(agent: Agent, input: unknown, init: RequestInit) {
  const send: (input: unknown, init: unknown) => ReturnType<typeof undiciFetch> = (to, options) =>
    Reflect.apply(undiciFetch, undefined, [to, options])
  return send(input, { ...init, dispatcher: agent })
}
