// Google Calendar through Google's own clients. Only when a person is busy is asked for, never with what.
import { calendar, type calendar_v3 } from '@googleapis/calendar'
import { type Clock, type Log, openOutbound } from '@oo/kernel'
import { CodeChallengeMethod, type Credentials, OAuth2Client } from 'google-auth-library'
import {
  type Channels,
  type Connector,
  type ConnectorAbout,
  ConnectorTrouble,
  isTrouble,
  type Tokens,
} from '../connector.ts'
import type { StatusReader } from '../sdkTransport.ts'
import { accountFrom, isSameAccount } from './account.ts'
import {
  type ChannelSettings,
  closeChannel,
  openChannel,
  readChannelDelivery,
  readStopStatus,
  readWatchStatus,
} from './channels.ts'
import { readBusy } from './readBusy.ts'
import {
  openTransport,
  readApiStatus,
  readRevokeStatus,
  readTokenStatus,
  type Transport,
} from './transport.ts'

export const googleCalendarAbout: ConnectorAbout = {
  id: 'google-calendar',
  name: 'Google Calendar',
  reads:
    'When you are busy, a month ahead, and the number of your account. Not what your appointments are called, where they are or who comes.',
  stores:
    'The sealed key to your account and its number, the number of the channel by which Google tells of changes, and when you are busy: from and until, for a month at most.',
}

export interface GoogleCalendarSettings {
  clientId: string
  clientSecret: string
  /** Where Google is answered instead, for the sandbox. */
  baseUrl?: string
  /** Where Google reaches this instance; absent where it cannot, and tells nothing by itself. */
  reachedAt?: string
}

/** Of each request: sooner than anybody stops waiting, so that it is the provider's silence that the breaker counts. */
const deadlineMs = 4_500
/** The narrowest that tells what a person declined; `calendar.events.freebusy` lists events without it. */
const scope = 'https://www.googleapis.com/auth/calendar.events.readonly'
/** Tells whose grant it is, by a number: neither mail nor name. */
const scopes = ['openid', scope]

export function createGoogleCalendar(
  { clientId, clientSecret, baseUrl, reachedAt }: GoogleCalendarSettings,
  { clock, log, secret }: { clock: Clock; log: Log; secret: string },
): Connector {
  const outbound = openOutbound({ target: 'google-calendar', clock, timeoutMs: deadlineMs })
  const endpoints = baseUrl && {
    oauth2AuthBaseUrl: `${baseUrl}/o/oauth2/v2/auth`,
    oauth2TokenUrl: `${baseUrl}/token`,
    oauth2RevokeUrl: `${baseUrl}/revoke`,
  }
  // The client drops a path here, so a stand-in answers at its origin.
  const root = baseUrl && { rootUrl: new URL('/', baseUrl).href }
  const clientOf = (more: { credentials?: Credentials; transport?: Transport }) =>
    new OAuth2Client({
      ...{ clientId, clientSecret },
      ...(endpoints && { endpoints }),
      ...(more.credentials && { credentials: more.credentials }),
      ...(more.transport && {
        // Tried again by oO, which knows what else it has to do.
        transporterOptions: { fetchImplementation: more.transport.fetchImplementation, retry: false },
      }),
    })

  /** All but reading is one request; a calendar of many pages takes as long as its caller waits. */
  async function call<T>(
    signal: AbortSignal,
    readStatus: StatusReader,
    work: (transport: Transport) => Promise<T>,
  ): Promise<T> {
    const transport = openTransport(outbound, { signal, readStatus })
    try {
      return await work(transport)
    } catch (error) {
      throw transport.troubleOf(error)
    }
  }

  /** With an access token alone the client refreshes nothing: that is done under the grant's lock, by `refresh`. */
  const apiOf = (transport: Transport, access: string): calendar_v3.Calendar =>
    calendar({
      version: 'v3',
      auth: clientOf({ credentials: { access_token: access }, transport }),
      retry: false,
      ...(root && root),
    })

  function tokensOf(given: Credentials, kept: { refresh: string | null; account: string }): Tokens {
    if (!given.access_token) throw new ConnectorTrouble('garbage', 'there is no access token')
    return {
      access: given.access_token,
      refresh: given.refresh_token ?? kept.refresh,
      expiresAt: given.expiry_date ? new Date(given.expiry_date) : null,
      account: kept.account,
    }
  }

  async function revoke(tokens: Tokens, signal: AbortSignal): Promise<void> {
    await call(signal, readRevokeStatus, transport =>
      clientOf({ transport }).revokeToken(tokens.refresh ?? tokens.access),
    ).catch(unlessGone)
  }

  const channelsTo = (settings: ChannelSettings): Channels => ({
    open: (tokens, id, signal) =>
      call(signal, readWatchStatus, transport =>
        openChannel(apiOf(transport, tokens.access), settings, { id, now: clock.now() }),
      ),
    close: (tokens, channel, signal) =>
      call(signal, readStopStatus, transport => closeChannel(apiOf(transport, tokens.access), channel)).catch(
        unlessGone,
      ),
  })

  return {
    ...googleCalendarAbout,
    isAway: outbound.isOpen,
    endsWith: isSameAccount,

    entry: {
      by: 'provider',
      scopes,
      authorizeUrl: ({ redirectUri, state, challenge }) =>
        clientOf({}).generateAuthUrl({
          scope: scopes,
          state,
          redirect_uri: redirectUri,
          code_challenge: challenge,
          code_challenge_method: CodeChallengeMethod.S256,
          access_type: 'offline',
          // Only a consent that was shown comes with a refresh token.
          prompt: 'consent',
        }),
      async exchange({ code, redirectUri, verifier: codeVerifier }, signal) {
        const given = await call(signal, readTokenStatus, async transport => {
          const back = { code, redirect_uri: redirectUri, codeVerifier }
          const { tokens } = await clientOf({ transport }).getToken(back)
          return tokens
        })
        const tokens = tokensOf(given, { refresh: null, account: '' })
        try {
          if (!given.scope?.split(' ').includes(scope)) throw new ConnectorTrouble('unticked', 'the calendar')
          if (!tokens.refresh) throw new ConnectorTrouble('garbage', 'there is no refresh token')
          return { ...tokens, account: accountFrom(given.id_token, clientId) }
        } catch (error) {
          if (!isTrouble(error, 'unticked'))
            log.error(
              { err: error },
              'Google gave a grant that is of no use; it is revoked, and nobody can connect',
            )
          await revoke(tokens, signal).catch(() => log.warn('a grant without use could not be revoked'))
          throw error
        }
      },
    },

    async refresh(tokens, signal) {
      const { refresh, account } = tokens
      if (refresh === null) throw new ConnectorTrouble('revoked', 'the grant cannot be refreshed')
      const given = await call(signal, readTokenStatus, async transport => {
        const client = clientOf({ credentials: { refresh_token: refresh }, transport })
        await client.getAccessToken()
        return client.credentials
      })
      return tokensOf(given, { refresh, account })
    },

    revoke,
    ...(reachedAt !== undefined && { readWebhook: signed => readChannelDelivery({ secret }, signed) }),

    calendar: {
      ...(reachedAt !== undefined && { channels: channelsTo({ reachedAt, secret }) }),
      async read(tokens, asked, signal) {
        const read = (since: string | null) =>
          call(signal, readApiStatus, transport =>
            readBusy(apiOf(transport, tokens.access), { ...asked, since }),
          )
        try {
          return await read(asked.since)
        } catch (error) {
          // The cursor is too old: Google wants to be read from the start.
          if (asked.since === null || !isTrouble(error, 'gone')) throw error
          return read(null)
        }
      },
    },
  }
}

/** What is gone already is what was wanted. */
function unlessGone(error: unknown): void {
  if (!isTrouble(error, 'gone')) throw error
}
