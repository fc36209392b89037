import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http'

const hopByHop = [
  'connection',
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]

/** Headers that belong to one connection only, with those that the connection itself names. */
function withoutHops(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  const named = headers.connection?.split(',').map(name => name.trim().toLowerCase()) ?? []
  const dropped = new Set([...hopByHop, ...named])
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !dropped.has(name)))
}

/** What the api gets: the person's own headers, the original host, and the chain of addresses they came by. */
export function headersForApi(request: IncomingMessage): OutgoingHttpHeaders {
  const headers = withoutHops(request.headers)
  if (request.headers['transfer-encoding']) headers['transfer-encoding'] = 'chunked'
  headers['x-forwarded-for'] = forwardedFor(request)
  headers['x-forwarded-proto'] = isHttps(request) ? 'https' : 'http'
  headers['x-forwarded-host'] = request.headers.host ?? ''
  return headers
}

export function headersFromApi(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  return withoutHops(headers)
}

export function forwardedFor(request: IncomingMessage): string {
  return [request.headers['x-forwarded-for'], request.socket.remoteAddress].filter(Boolean).join(', ')
}

/** The door speaks plain http; a proxy in front that ends TLS says so. */
export function isHttps(request: IncomingMessage): boolean {
  return request.headers['x-forwarded-proto'] === 'https'
}

/** On every answer that is the door's own or Next's. */
export function securityHeaders(request: IncomingMessage): Record<string, string> {
  return {
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    ...(isHttps(request) && { 'Strict-Transport-Security': 'max-age=31536000; includeSubDomains' }),
  }
}

/** Every page is rendered per request, so each inline script carries this request's nonce. */
export function contentSecurityPolicy(nonce: string): string {
  return [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}' 'strict-dynamic'`,
    `style-src 'self' 'nonce-${nonce}'`,
    `img-src 'self' data:`,
    `font-src 'self'`,
    `connect-src 'self'`,
    `manifest-src 'self'`,
    `worker-src 'self'`,
    `form-action 'self'`,
    `base-uri 'none'`,
    `frame-ancestors 'none'`,
  ].join('; ')
}
