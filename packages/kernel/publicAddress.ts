// Which addresses of the internet a server may be sent to that somebody else named, and a look-up that finds no others.
import { type LookupAddress, lookup } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

export class NotPublic extends Error {
  constructor() {
    super('the address is not a public one')
    this.name = 'NotPublic'
  }
}

/** False for this machine, its network, link-local, shared, documentation and multicast addresses (RFC 6890). */
export function isPublicAddress(address: string): boolean {
  const kind = isIP(address)
  if (kind === 4) return !innerV4.check(address, 'ipv4')
  // Of IPv6 only what is handed out as global unicast, and of that nothing that carries an IPv4 address within.
  return kind === 6 && globalV6.check(address, 'ipv6') && !innerV6.check(address, 'ipv6')
}

/** Refuses a host's name before it is looked up, where the name is an address itself. */
export function refuseInnerAddress(url: URL): void {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0 && !isPublicAddress(host)) throw new NotPublic()
}

/** Asked when a connection is made, so that a name which means another address by then is refused as well. */
export const lookupPublic: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, found) => {
    const [first] = found ?? []
    if (error || !first) return callback(error ?? new NotPublic(), [])
    if (!found.every(({ address }: LookupAddress) => isPublicAddress(address)))
      return callback(new NotPublic(), [])
    if (options.all) callback(null, found)
    else callback(null, first.address, first.family)
  })
}

const innerV4 = blockList('ipv4', [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
])
const globalV6 = blockList('ipv6', [['2000::', 3]])
const innerV6 = blockList('ipv6', [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
])

function blockList(kind: 'ipv4' | 'ipv6', ranges: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList()
  for (const [net, prefix] of ranges) list.addSubnet(net, prefix, kind)
  return list
}
