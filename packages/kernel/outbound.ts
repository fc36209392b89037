// The only way out: every call has a connect and a total deadline, a bounded answer and a breaker per target.
import { Agent, fetch as undiciFetch } from 'undici'
import type { Clock } from './clock.ts'
import { inSpan } from './span.ts'

export class OutboundError extends Error {
  readonly reason: 'open' | 'timeout' | 'network'
  constructor(reason: 'open' | 'timeout' | 'network', target: string, cause?: unknown) {
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
}

export function openOutbound(settings: OutboundSettings): Outbound {
  const { target, clock, timeoutMs, failuresToOpen = 5, openForMs = 10_000 } = settings
  const agent = new Agent({
    connect: { timeout: settings.connectTimeoutMs ?? 1_000 },
    connections: 16,
    maxResponseSize: settings.maxBytes ?? 5_000_000,
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
      const response = await sendWith(agent, input, {
        ...init,
        signal,
        redirect: 'manual',
      })
      // Read here, under the deadline: a provider that drips its body must not hold a request open.
      const body = await response.arrayBuffer()
      if (response.status >= 500) failed()
      else failures = 0
      const empty = response.status === 204 || response.status === 205 || response.status === 304
      return new Response(empty ? null : body, {
        status: response.status,
        headers: [...response.headers],
      })
    } catch (error) {
      // A caller that gave up says nothing about the provider.
      if (!init.signal?.aborted) failed()
      throw new OutboundError(deadline.aborted ? 'timeout' : 'network', target, error)
    }
  }
  return {
    fetch: (input: unknown, init?: RequestInit) =>
      inSpan(`call ${target}`, { kind: 'client' }, () => call(input, init)),
    isOpen,
  }
}

/** undici's own types and the global ones describe the same objects; this is the one place that says so. */
function sendWith(agent: Agent, input: unknown, init: RequestInit) {
  const send: (input: unknown, init: unknown) => ReturnType<typeof undiciFetch> = (to, options) =>
    Reflect.apply(undiciFetch, undefined, [to, options])
  return send(input, { ...init, dispatcher: agent })
}
