// Watch channels: Google tells an address of oO's that a calendar changed, and not what. A delivery has no body; what
// proves it is the token that oO gave the channel.
import type { calendar_v3 } from '@googleapis/calendar'
import { keyedHash, sameSecret } from '@oo/kernel'
import type { Signed } from '@oo/shared-types/handlers'
import { type Channel, ConnectorTrouble, type Delivery } from '../connector.ts'
import type { StatusReader } from '../sdkTransport.ts'
import { readApiStatus } from './transport.ts'

export interface ChannelSettings {
  /** The address of this instance by which Google reaches it: public, and https. */
  reachedAt: string
  /** The instance's own; who knows it knows the token of every channel. */
  secret: string
}

const source = 'google-calendar'
const tokenOf = (secret: string, channelId: string): string =>
  keyedHash(secret, 'integrations.channels', `${source} ${channelId}`).toString('base64url')

const dayMs = 86_400_000
/** Google gives a week and at most a month; what it does not say, or says of no such time, is taken for a day. */
const longestMs = 31 * dayMs
const longestResource = 200

export async function openChannel(
  api: calendar_v3.Calendar,
  { reachedAt, secret }: ChannelSettings,
  { id, now }: { id: string; now: Date },
): Promise<Channel & { expiresAt: Date }> {
  const address = `${reachedAt}/api/webhooks/${source}`
  const requestBody = { id, type: 'web_hook', address, token: tokenOf(secret, id) }
  const { data } = await api.events.watch({
    calendarId: 'primary',
    fields: 'resourceId,expiration',
    requestBody,
  })
  const resource = data?.resourceId
  if (typeof resource !== 'string' || resource === '' || resource.length > longestResource)
    throw new ConnectorTrouble('garbage', 'the channel has no resource')
  const lastsMs = Number(data.expiration) - now.getTime()
  const until = lastsMs > 0 && lastsMs <= longestMs ? lastsMs : dayMs
  return { id, resource, expiresAt: new Date(now.getTime() + until) }
}

export async function closeChannel(api: calendar_v3.Calendar, { id, resource }: Channel): Promise<void> {
  await api.channels.stop({ requestBody: { id, resourceId: resource } })
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Null when it does not show the token of its channel. The first one, `sync`, is news too: of what came before it. */
export function readChannelDelivery(
  { secret }: Pick<ChannelSettings, 'secret'>,
  { headers }: Pick<Signed, 'headers'>,
): Delivery | null {
  const said = (name: string): string => {
    const value = headers[`x-goog-${name}`]
    return typeof value === 'string' ? value : ''
  }
  const [id, number] = [said('channel-id'), said('message-number')]
  if (!uuid.test(id) || !/^\d{1,20}$/.test(number)) return null
  if (!sameSecret(said('channel-token'), tokenOf(secret, id))) return null
  return { id: `${id}-${number}`, channel: { id, resource: said('resource-id') }, at: undefined }
}

/** An address that Google does not take is the operator's to mend: no person is asked to connect again for it. */
export const readWatchStatus: StatusReader = (status, body, asked) => {
  const trouble = readApiStatus(status, body, asked)
  const isAddress = /"push\.|webhookUrl/.test(body.slice(0, 4_000))
  return trouble.kind === 'revoked' && (status === 403 || isAddress)
    ? new ConnectorTrouble('garbage', `the channel was refused with ${status}`)
    : trouble
}

/** One that is not there any more is closed. */
export const readStopStatus: StatusReader = (status, body, asked) =>
  status === 404 ? new ConnectorTrouble('gone', 'status 404') : readWatchStatus(status, body, asked)
