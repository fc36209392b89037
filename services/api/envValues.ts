// What the values of the environment may look like; each refusal is one sentence that says what to do.
import { isIP } from 'node:net'

export type Source = Readonly<Record<string, string | undefined>>

export class EnvError extends Error {}

export function strong(name: string, value: string): string {
  if (value.length < 32)
    throw new EnvError(`${name} is too short to be safe: use at least 32 random characters.`)
  return value
}

export function wholeNumber(source: Source, name: string, fallback: number, most = 65_535): number {
  const text = source[name]
  if (!text) return fallback
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1 || value > most)
    throw new EnvError(`${name} is "${text}": use a whole number between 1 and ${most}.`)
  return value
}

export function numberWithin(
  source: Source,
  name: string,
  { fallback, from, to }: { fallback: number; from: number; to: number },
): number {
  const text = source[name]
  if (!text) return fallback
  const value = Number(text)
  if (!(value >= from && value <= to))
    throw new EnvError(`${name} is "${text}": use a number from ${from} to ${to}.`)
  return value
}

export function address(name: string, value: string): string {
  const url = URL.parse(value)
  if (!url || !['http:', 'https:'].includes(url.protocol))
    throw new EnvError(`${name} is "${value}": use an address such as https://oo.example.org.`)
  return value.replace(/\/$/, '')
}

/** Events name people by id, so nobody connects without a name of their own. */
export function natsAddress(value: string): string {
  const url = URL.parse(value)
  if (!url || !['nats:', 'tls:'].includes(url.protocol) || !url.hostname)
    throw new EnvError('NATS_URL is no address: use one such as nats://user:password@127.0.0.1:4222.')
  if (!url.username)
    throw new EnvError(
      'NATS_URL names no user: use nats://user:password@host:4222, so that not everybody reads the events.',
    )
  return value
}

/** `nas.lan:443, 192.168.1.10:5232`, each as a browser would write it, and always with its port. */
export function hostsWithPort(name: string, text: string): string[] {
  const hosts = text.split(',').map(host => host.trim().toLowerCase())
  return hosts
    .filter(host => host !== '')
    .map(host => {
      const url = URL.parse(`http://${host}`)
      const port = /:(\d+)$/.exec(host)?.[1]
      if (
        !url ||
        !port ||
        Number(port) < 1 ||
        host.includes('*') ||
        url.href !== new URL(`http://${url.hostname}:${port}/`).href
      )
        throw new EnvError(
          `${name} names "${host}": use host:port, such as nas.lan:443, with commas between.`,
        )
      return `${url.hostname}:${port}`
    })
}

/** `10.0.0.7, 172.30.80.0/24, fd00::/8`; never everybody. */
export function addressRanges(name: string, text: string): string[] {
  const ranges = text.split(',').map(range => range.trim())
  return ranges
    .filter(range => range !== '')
    .map(range => {
      const [host = '', bits, ...more] = range.split('/')
      const family = host.includes('%') ? 0 : isIP(host)
      const fits =
        bits === undefined || (/^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
      if (family === 0 || !fits || more.length > 0)
        throw new EnvError(
          `${name} names "${range}": use addresses or ranges of your proxies, such as 10.0.0.7 or 172.30.80.0/24, with commas between.`,
        )
      return range
    })
}
