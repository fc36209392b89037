import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'

export const modes = [
  'none',
  'down',
  'reset',
  'slow',
  'hang',
  '500',
  '429',
  '410',
  'garbage',
  'huge',
] as const
export const targets = ['oidc', 'todoist'] as const
export type FaultMode = (typeof modes)[number]
export type FaultTarget = (typeof targets)[number]
export type Fault = { mode: FaultMode; ms: number; count: number | null }

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

/** Misbehaves as asked. True when the request is dealt with, false when it should now be answered properly. */
export async function misbehave(fault: Fault, req: IncomingMessage, res: ServerResponse): Promise<boolean> {
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
    case '410':
      answer(
        res,
        code,
        JSON.stringify({
          error: 'The sandbox was told to fail',
          error_tag: 'SANDBOX_FAULT',
          http_code: code,
        }),
      )
      return true
    case '429':
      answer(
        res,
        429,
        JSON.stringify({ error: 'Too many requests', error_tag: 'LIMITS_REACHED', http_code: 429 }),
        {
          'retry-after': String(Math.max(1, Math.ceil(fault.ms / 1_000))),
        },
      )
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
