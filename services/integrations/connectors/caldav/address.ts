// The address of a server as a person types it.

import { isIP } from 'node:net'
import { isPublicAddress } from '@oo/kernel'

/** `elsewhere`: the server sends on to another host, which `host` names; the person may type that one. */
export type RefusalReason = 'no-address' | 'not-https' | 'inner' | 'not-caldav' | 'elsewhere'

/** What is wrong with an address, for the page on which it was typed. */
export class AddressRefused extends Error {
  readonly reason: RefusalReason
  readonly host: string | undefined

  constructor(reason: RefusalReason, host?: string) {
    super(`the address was refused: ${reason}`)
    this.name = 'AddressRefused'
    this.reason = reason
    this.host = host
  }
}

const longest = 500

/** `innerHosts`: hosts with port that may be in a private network and may speak http, by the operator's setting. */
export function readAddress(typed: string, innerHosts: readonly string[]): URL {
  const words = typed.trim().replace(/^caldavs:\/\//i, 'https://')
  const url =
    words.length > longest ? null : URL.parse(/^[a-z]+:\/\//i.test(words) ? words : `https://${words}`)
  if (!url || url.hostname === '' || url.username !== '' || url.password !== '')
    throw new AddressRefused('no-address')
  const isInner = innerHosts.includes(url.host)
  if (url.protocol !== 'https:' && !(isInner && url.protocol === 'http:'))
    throw new AddressRefused('not-https')
  const literal = url.hostname.replace(/^\[|\]$/g, '')
  if (!isInner && isIP(literal) !== 0 && !isPublicAddress(literal)) throw new AddressRefused('inner')
  return new URL(url.pathname, url.origin)
}
