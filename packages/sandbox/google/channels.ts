import { createHash } from 'node:crypto'
import { Deliveries, type Outcome } from '../deliveries.ts'
import type { Origins } from '../origins.ts'
import { type Fields, fieldsOf, textOf, wholeOf } from '../read.ts'
import { badRequest, GoogleRefusal, required } from './errors.ts'
import type { Grant } from './grants.ts'

export type Channel = {
  id: string
  token: string | undefined
  address: string
  calendarId: string
  resourceId: string
  resourceUri: string
  expiration: number
  grant: Grant
  /** Message numbers grow, and not by one: a client must not count on it. */
  message: number
  stopped: boolean
}

export type ChannelSettings = {
  now: () => Date
  origins: Origins
  retryAfterMs?: readonly number[] | undefined
}

const weekMs = 7 * 86_400_000
const longestMs = 30 * 86_400_000
const maxChannels = 20_000
const taken = [200, 201, 202, 204]
const later = [500, 502, 503, 504]
const loopback = ['127.0.0.1', 'localhost', '[::1]']

const pushRefusal = (status: number, reason: string, message: string): GoogleRefusal =>
  new GoogleRefusal(status, `push.${reason}`, message)

/** Where changes are told. Nothing leaves this machine: elsewhere than here, only the installation's own origins. */
function addressFrom(text: string, origins: Origins): string {
  const url = URL.parse(text)
  const isHere = loopback.includes(url?.hostname ?? '')
  if (!url || (url.protocol !== 'https:' && !(isHere && url.protocol === 'http:'))) {
    throw pushRefusal(400, 'webhookUrlNotHttps', `WebHook callback must be HTTPS: ${text}`)
  }
  if (isHere || origins.list().includes(url.origin)) return url.href
  throw pushRefusal(401, 'webhookUrlUnauthorized', `Unauthorized WebHook callback channel: ${text}`)
}

/** The watch channels: each tells one address that something changed, and not what. */
export class Channels {
  readonly #settings: ChannelSettings
  readonly #deliveries: Deliveries
  readonly #channels = new Map<string, Channel>()

  constructor(settings: ChannelSettings) {
    this.#settings = settings
    this.#deliveries = new Deliveries(settings.retryAfterMs)
  }

  watch(grant: Grant, calendarId: string, resourceUri: string, body: Fields): Fields {
    const now = this.#settings.now().getTime()
    const [id, address] = [textOf(body.id), textOf(body.address)]
    if (!id) throw required('id')
    if (!/^[A-Za-z0-9\-_+/=]{1,64}$/.test(id)) throw badRequest('Invalid channel id')
    if (body.type !== 'web_hook' && body.type !== 'webhook')
      throw badRequest(`Unknown channel type: ${body.type}`)
    if (!address) throw required('address')
    const target = addressFrom(address, this.#settings.origins)
    const token = textOf(body.token)
    if (token !== undefined && token.length > 256) throw badRequest('The channel token is longer than 256.')
    for (const [known, channel] of this.#channels) if (channel.expiration <= now) this.#channels.delete(known)
    if (this.#channels.has(id))
      throw new GoogleRefusal(400, 'channelIdNotUnique', `Channel id ${id} not unique`)
    if (this.#channels.size >= maxChannels)
      throw badRequest(`The sandbox holds at most ${maxChannels} channels.`)
    const ttl = wholeOf(fieldsOf(body.params).ttl)
    const wished = wholeOf(body.expiration) ?? now + (ttl === undefined ? weekMs : ttl * 1_000)
    const resourceId = createHash('sha256')
      .update(`${grant.email}\n${calendarId}`)
      .digest('base64url')
      .slice(0, 27)
    const channel: Channel = {
      id,
      token,
      address: target,
      calendarId,
      resourceId,
      resourceUri,
      expiration: Math.min(wished, now + longestMs),
      grant,
      message: 1,
      stopped: false,
    }
    this.#channels.set(id, channel)
    this.#tell(channel, 'sync')
    const { expiration } = channel
    return {
      kind: 'api#channel',
      id,
      resourceId,
      resourceUri,
      ...(token !== undefined && { token }),
      expiration: String(expiration),
    }
  }

  /** Who may: the person whose channel it is. */
  stopChannel(email: string, body: Fields): void {
    const channel = this.#channels.get(textOf(body.id) ?? '')
    if (!channel || channel.grant.email !== email || channel.resourceId !== textOf(body.resourceId)) {
      throw new GoogleRefusal(
        404,
        'notFound',
        `Channel '${textOf(body.id) ?? ''}' not found for project 'sandbox'`,
      )
    }
    channel.stopped = true
    this.#channels.delete(channel.id)
  }

  changed(email: string, calendarId: string): void {
    for (const channel of this.#channels.values()) {
      if (channel.grant.email !== email || channel.calendarId !== calendarId || !this.#lives(channel))
        continue
      channel.message += 1 + (channel.message % 3)
      this.#tell(channel, 'exists')
    }
  }

  list(email?: string): Channel[] {
    return [...this.#channels.values()].filter(
      channel => email === undefined || channel.grant.email === email,
    )
  }

  get deliveries() {
    return this.#deliveries.list
  }

  /** As if their time had passed; Google does not say so, it only falls silent. */
  expire(email: string): number {
    const live = this.list(email).filter(channel => this.#lives(channel))
    for (const channel of live) channel.expiration = this.#settings.now().getTime()
    return live.length
  }

  reset(): void {
    for (const channel of this.#channels.values()) channel.stopped = true
    this.#channels.clear()
  }

  stop(): void {
    this.#deliveries.stop()
  }

  #lives = (channel: Channel): boolean =>
    !channel.stopped && !channel.grant.revoked && channel.expiration > this.#settings.now().getTime()

  #tell(channel: Channel, state: 'sync' | 'exists'): void {
    const number = channel.message
    this.#deliveries.send(`${channel.id}/${number}`, state, signal =>
      this.#lives(channel) ? post(channel, state, number, signal) : Promise.resolve<Outcome>('never'),
    )
  }
}

/** A message has no body: everything it says is in its headers. */
async function post(
  channel: Channel,
  state: 'sync' | 'exists',
  number: number,
  signal: AbortSignal,
): Promise<Outcome> {
  const response = await fetch(channel.address, {
    method: 'POST',
    redirect: 'manual',
    signal,
    headers: {
      accept: '*/*',
      'content-type': 'application/json; utf-8',
      'content-length': '0',
      'user-agent': 'APIs-Google; (+https://developers.google.com/webmasters/APIs-Google.html)',
      'x-goog-channel-id': channel.id,
      ...(channel.token !== undefined && { 'x-goog-channel-token': channel.token }),
      'x-goog-channel-expiration': new Date(channel.expiration).toUTCString(),
      'x-goog-resource-id': channel.resourceId,
      'x-goog-resource-uri': channel.resourceUri,
      'x-goog-resource-state': state,
      'x-goog-message-number': String(number),
    },
  })
  await response.body?.cancel()
  return taken.includes(response.status) ? 'delivered' : later.includes(response.status) ? 'again' : 'never'
}
