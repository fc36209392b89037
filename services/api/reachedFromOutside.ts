import { isIP } from 'node:net'
import { isPublicAddress } from '@oo/kernel'

const within = /\.(localhost|local|internal|lan|home\.arpa)$/

/** The origin by which the internet may find this instance; whatever only seems so is told nothing, and goes on asking. */
export function reachedFromOutside(address: string | undefined): string | undefined {
  const url = URL.parse(address ?? '')
  if (url?.protocol !== 'https:') return undefined
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const isFound = isIP(host) === 0 ? host.includes('.') && !within.test(host) : isPublicAddress(host)
  return isFound ? url.origin : undefined
}
