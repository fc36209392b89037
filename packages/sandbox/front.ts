import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { type Faults, type FaultTarget, misbehave } from './faults.ts'
import type { RequestLog } from './log.ts'

export type FrontParts = {
  faults: Faults
  log: RequestLog
  now: () => Date
  routes: RequestListener
  oidc: RequestListener
}

/** The official Todoist client drops the path of its base address, so its paths are answered at the root too. */
const atRoot = /^\/(oauth\/|api\/v1\/)/

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
    if (atRoot.test(path)) req.url = `/todoist${path}`
    const url = URL.parse(req.url ?? '/', 'http://sandbox')
    if (!url) return refuse(res, 400, 'This address cannot be read.')
    const target: FaultTarget | undefined = /^\/oidc(\/|$)/.test(url.pathname)
      ? 'oidc'
      : /^\/todoist(\/|$)/.test(url.pathname)
        ? 'todoist'
        : undefined
    if (!target) return parts.routes(req, res)
    const entry = parts.log.begin(req, target, url, parts.now())
    res.once('finish', () => {
      entry.status = res.statusCode
    })
    const fault = parts.faults.take(target)
    if (fault) {
      entry.fault = fault.mode
      if (await misbehave(fault, req, res)) return
    }
    if (target === 'todoist' || url.pathname.startsWith('/oidc/interaction/')) return parts.routes(req, res)
    return parts.oidc(req, res)
  }
}
