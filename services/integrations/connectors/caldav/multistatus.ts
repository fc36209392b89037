// RFC 4918's answer to PROPFIND and REPORT: one response for each address.
import { ConnectorTrouble } from '../connector.ts'
import { childOf, childrenOf, dav, type Element, parseXml } from './xml.ts'

export interface DavResponse {
  url: URL
  /** Of the address as a whole; null where it has properties. */
  status: number | null
  /** What the server has of what was asked. */
  properties: ReadonlyMap<string, Element>
}

export interface Multistatus {
  responses: DavResponse[]
  syncToken: string | null
}

const mostResponses = 20_000

/** Addresses of another server are left out: nobody is sent there, least of all with this one's password. */
export function readMultistatus(text: string, asked: URL): Multistatus {
  const root = parseXml(text)
  if (root.name !== dav('multistatus')) throw new ConnectorTrouble('garbage', 'the answer is no multistatus')
  const responses = childrenOf(root, dav('response'))
  if (responses.length > mostResponses) throw new ConnectorTrouble('garbage', 'too many items')
  return {
    responses: responses.flatMap(response => readResponse(response, asked) ?? []),
    syncToken: childOf(root, dav('sync-token'))?.text.trim() || null,
  }
}

function readResponse(response: Element, asked: URL): DavResponse | undefined {
  const url = sameServer(childOf(response, dav('href'))?.text.trim() ?? '', asked)
  if (!url) return undefined
  const properties = new Map<string, Element>()
  for (const propstat of childrenOf(response, dav('propstat'))) {
    const status = statusOf(propstat)
    if (status !== null && (status < 200 || status > 299)) continue
    for (const property of childOf(propstat, dav('prop'))?.children ?? [])
      properties.set(property.name, property)
  }
  return { url, status: statusOf(response), properties }
}

const statusOf = (element: Element): number | null => {
  const [, code] = /^HTTP\/\S+ (\d{3})/.exec(childOf(element, dav('status'))?.text.trim() ?? '') ?? []
  return code === undefined ? null : Number(code)
}

/**
 * An address that the server gave, when it is on the same host. Behind a proxy servers take themselves for `http:`; the
 * way there stays the one the person named.
 */
export function sameServer(address: string, asked: URL): URL | undefined {
  const url = address === '' ? null : URL.parse(address, asked)
  if (url?.hostname !== asked.hostname) return undefined
  const isSelf = url.origin === asked.origin
  const isUpgraded = asked.protocol === 'https:' && url.protocol === 'http:' && url.port === ''
  return isSelf || isUpgraded ? new URL(url.pathname, asked.origin) : undefined
}
