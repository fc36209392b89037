import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { type Faults, type FaultTarget, misbehave, targets } from './faults.ts'
import type { RequestLog } from './log.ts'

export type FrontParts = {
  faults: Faults
  log: RequestLog
  now: () => Date
  routes: RequestListener
  oidc: RequestListener
}

/** The official clients of both drop the path of their base address, so their paths are answered at the root too. */
const atRoot: [RegExp, FaultTarget][] = [
  [/^\/(oauth\/|api\/v1\/)/, 'todoist'],
  [/^\/calendar\/v3\//, 'google'],
]

const loopbackHost = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/

function refuse(res: ServerResponse, status: number, sentence: string): void {
  res.writeHead(status, { 'content-type': 'application/json' })
  res.end(JSON.stringify({ error: sentence }))
}

/** First to see a request: writes it down, misbehaves when told to, and hands it to who answers. */
export function createFront(parts: FrontParts): RequestListener {
  return async (req: IncomingMessage, res: ServerResponse) => {
    if (!loopbackHost.test(req.headers.host ?? '')) {
      return refuse(res, 421, 'The sandbox answers this machine only: ask for 127.0.0.1 or localhost.')
    }
    const path = req.url ?? '/'
    const under = atRoot.find(([start]) => start.test(path))?.[1]
    if (under) req.url = `/${under}${path}`
    const url = URL.parse(req.url ?? '/', 'http://sandbox')
    if (!url) return refuse(res, 400, 'This address cannot be read.')
    const first = url.pathname.split('/')[1]
    const target: FaultTarget | undefined = targets.find(name => name === first)
    if (!target) return parts.routes(req, res)
    const entry = parts.log.begin(req, target, url, parts.now())
    res.once('finish', () => {
      entry.status = res.statusCode
    })
    const fault = parts.faults.take(target)
    if (fault) {
      entry.fault = fault.mode
      if (await misbehave(fault, target, req, res)) return
    }
    if (target !== 'oidc' || url.pathname.startsWith('/oidc/interaction/')) return parts.routes(req, res)
    return parts.oidc(req, res)
  }
}
