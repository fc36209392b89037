// The address of a server as a person types it.

import { isIP } from 'node:net'
import { isPublicAddress } from '@oo/kernel'
import { FormRefused } from '../connector.ts'

/** `elsewhere`: the server sends on to another host, which `host` names; the person may type that one. */
export type RefusalReason = 'no-address' | 'not-https' | 'inner' | 'not-caldav' | 'elsewhere'

/** What is wrong with an address, for the page on which it was typed. */
export class AddressRefused extends FormRefused {
  readonly reason: RefusalReason

  constructor(reason: RefusalReason, host?: string) {
    super(`the address was refused: ${reason}`, sentenceOf(reason, host))
    this.reason = reason
  }
}

const longestHost = 253

function sentenceOf(reason: RefusalReason, host = 'another host'): string {
  switch (reason) {
    case 'no-address':
      return 'This is no address of a server; type it as in cloud.example.org.'
    case 'not-https':
      return 'oO sends a password by https only; type the address that begins with https://.'
    case 'inner':
      return 'This address is in a private network; the operator of this oO can allow it (OO_CALDAV_INNER_HOSTS).'
    case 'not-caldav':
      return 'The server answers, but there are no task lists here; copy the “CalDAV” address from its settings.'
    case 'elsewhere':
      return `The server sends on to ${host.slice(0, longestHost)}; if that is yours, type it instead.`
  }
}

const longest = 500

/** As the operator's setting names a place: the port is always said. */
export const placeOf = ({ protocol, hostname, port }: URL): string =>
  `${hostname}:${port || (protocol === 'http:' ? 80 : 443)}`

/** `innerHosts`: hosts with port that may be in a private network and may speak http, by the operator's setting. */
export function readAddress(typed: string, innerHosts: readonly string[]): URL {
  const words = typed.trim().replace(/^caldavs:\/\//i, 'https://')
  const url =
    words.length > longest ? null : URL.parse(/^[a-z]+:\/\//i.test(words) ? words : `https://${words}`)
  if (!url || url.hostname === '' || url.username !== '' || url.password !== '')
    throw new AddressRefused('no-address')
  const isInner = innerHosts.includes(placeOf(url))
  if (url.protocol !== 'https:' && !(isInner && url.protocol === 'http:'))
    throw new AddressRefused('not-https')
  const literal = url.hostname.replace(/^\[|\]$/g, '')
  if (!isInner && isIP(literal) !== 0 && !isPublicAddress(literal)) throw new AddressRefused('inner')
  return new URL(url.pathname, url.origin)
}
