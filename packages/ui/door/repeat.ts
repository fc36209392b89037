import type { IncomingMessage } from 'node:http'
import type { NoAnswer } from './ask.ts'

/** Held in memory so that it can be sent again; anything larger passes through once. */
const mostBytes = 64 * 1024

const passing = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE'])
const key = /^[!-~]{1,255}$/

/** Harmless twice: it changes nothing, or the api answers the second one like the first. */
export function isRepeatable(request: IncomingMessage): boolean {
  const named = request.headers['idempotency-key']
  return (
    request.method === 'GET' || request.method === 'HEAD' || (typeof named === 'string' && key.test(named))
  )
}

/** Whether another try may succeed without doing anything twice. */
export function mayAskAgain(failure: NoAnswer, request: IncomingMessage, body: unknown): boolean {
  if (!passing.has(failure.code)) return false
  return !failure.reached || (isRepeatable(request) && Buffer.isBuffer(body))
}

/** The whole body where it is small and its size is known, else the request itself, to be passed on as it comes. */
export function bodyOf(request: IncomingMessage, withinMs: number): Promise<Buffer | IncomingMessage> {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers
  if (encoding || Number(length ?? 0) > mostBytes) return Promise.resolve(request)
  if (!length || length === '0') return Promise.resolve(Buffer.alloc(0))
  const chunks: Buffer[] = []
  return new Promise<Buffer>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('the body drips')), withinMs)
    request.on('data', chunk => chunks.push(chunk))
    request.once('end', () => resolve(Buffer.concat(chunks)))
    request.once('close', () => {
      clearTimeout(late)
      reject(new Error('the body broke off'))
    })
  })
}
