import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { fullSyncRequired, GoogleRefusal, overQuota, type QuotaReason } from './google/errors.ts'

export const modes = [
  'none',
  'down',
  'reset',
  'slow',
  'hang',
  '500',
  '403',
  '429',
  '410',
  'garbage',
  'huge',
] as const
export const targets = ['oidc', 'todoist', 'google'] as const
export type FaultMode = (typeof modes)[number]
export type FaultTarget = (typeof targets)[number]
export type Fault = {
  mode: FaultMode
  ms: number
  count: number | null
  /** Which of Google's limits 403 and 429 speak of. */
  reason?: QuotaReason
}

const hugeBytes = 10 * 1024 * 1024

export const isMode = (value: unknown): value is FaultMode => modes.some(mode => mode === value)
export const isTarget = (value: unknown): value is FaultTarget => targets.some(target => target === value)

export type Faults = {
  set(target: FaultTarget, fault: Fault): void
  /** The fault for the next request to this target; counts down. */
  take(target: FaultTarget): Fault | undefined
  list(): Record<string, Fault>
  clear(): void
}

export function createFaults(): Faults {
  const active = new Map<FaultTarget, Fault>()
  return {
    set(target, fault) {
      if (fault.mode === 'none') active.delete(target)
      else active.set(target, { ...fault })
    },
    take(target) {
      const fault = active.get(target)
      if (fault?.count === null || !fault) return fault
      fault.count -= 1
      if (fault.count <= 0) active.delete(target)
      return fault
    },
    list: () => Object.fromEntries(active),
    clear: () => active.clear(),
  }
}

function answer(
  res: ServerResponse,
  status: number,
  body: string | Buffer,
  headers: Record<string, string> = {},
): void {
  res.writeHead(status, { 'content-type': 'application/json', connection: 'close', ...headers })
  res.end(body)
}

function plainBody(code: number): Record<string, unknown> {
  if (code === 429) return { error: 'Too many requests', error_tag: 'LIMITS_REACHED', http_code: code }
  return { error: 'The sandbox was told to fail', error_tag: 'SANDBOX_FAULT', http_code: code }
}

/** Google does not say when to come back: its own advice is to wait longer each time. */
function googleBody({ mode, reason }: Fault): Record<string, unknown> {
  if (mode === '403') return overQuota(403, reason ?? 'userRateLimitExceeded').body()
  if (mode === '429') return overQuota(429, reason ?? 'rateLimitExceeded').body()
  if (mode === '410') return fullSyncRequired().body()
  return new GoogleRefusal(500, 'backendError', 'Backend Error').body()
}

/** Misbehaves as asked. True when the request is dealt with, false when it should now be answered properly. */
export async function misbehave(
  fault: Fault,
  target: FaultTarget,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<boolean> {
  const code = Number(fault.mode)
  switch (fault.mode) {
    case 'none':
      return false
    case 'down':
      req.socket.destroy()
      return true
    case 'reset':
      req.socket.resetAndDestroy()
      return true
    case 'slow':
      await wait(fault.ms)
      return res.destroyed
    case 'hang':
      res.writeHead(200, { 'content-type': 'application/json' })
      res.flushHeaders()
      return true
    case '500':
    case '403':
    case '410':
      answer(res, code, JSON.stringify(target === 'google' ? googleBody(fault) : plainBody(code)))
      return true
    case '429':
      if (target === 'google') answer(res, code, JSON.stringify(googleBody(fault)))
      else {
        const seconds = String(Math.max(1, Math.ceil(fault.ms / 1_000)))
        answer(res, code, JSON.stringify(plainBody(code)), { 'retry-after': seconds })
      }
      return true
    case 'garbage':
      answer(res, 200, '{"results": [{"id": "6X", <<<\u0000 not JSON')
      return true
    case 'huge':
      answer(
        res,
        200,
        Buffer.concat([Buffer.from('{"results":"'), Buffer.alloc(hugeBytes, 'x'), Buffer.from('"}')]),
      )
      return true
  }
}
