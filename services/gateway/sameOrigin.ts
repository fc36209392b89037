import { Problem } from '@oo/kernel'

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

const crossSite = {
  status: 403,
  code: 'cross_site',
  title: 'This request came from another site and was refused; use oO from its own pages.',
}

interface Sent {
  method: string
  headers: { origin?: string | undefined; 'sec-fetch-site'?: string | string[] | undefined }
}

/**
 * Refuses a change that another site asked a browser to make. Browsers name the origin on every unsafe request;
 * a request that names none comes from a program, which carries no cookies it was not given.
 */
export function refuseCrossSite({ method, headers }: Sent, origins: ReadonlySet<string>): void {
  if (safeMethods.has(method)) return
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw new Problem(crossSite)
  if (headers.origin !== undefined && !origins.has(headers.origin)) throw new Problem(crossSite)
}
