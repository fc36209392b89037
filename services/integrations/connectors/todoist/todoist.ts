// Todoist through the provider's own SDK. One transport per call, so that each knows why it failed.
import {
  type AuthTokenResponse,
  getAuthorizationUrl,
  getAuthToken,
  type Permission,
  refreshAuthToken,
  revokeToken,
  type SyncCommand,
  TodoistApi,
  TodoistSyncError,
} from '@doist/todoist-sdk'
import { type Clock, type Log, openOutbound } from '@oo/kernel'
import {
  type Act,
  type Connector,
  type ConnectorAbout,
  ConnectorTrouble,
  isTrouble,
  type Tokens,
} from '../connector.ts'
import { type StatusReader, TooMuch } from '../sdkTransport.ts'
import { readOccurrences } from './activity.ts'
import { isForThem, validInstant } from './openTask.ts'
import { readPages } from './pages.ts'
import { isInLog, readPastOccurrences, readPastTasks } from './past.ts'
import { type Reader, readChanges, readTasks } from './sync.ts'
import {
  openTransport,
  readApiStatus,
  readLogStatus,
  readRevokeStatus,
  readSyncStatus,
  readTaskStatus,
  readTokenStatus,
  type Transport,
} from './transport.ts'
import { readTodoistWebhook } from './webhook.ts'

export const todoistAbout: ConnectorAbout = {
  id: 'todoist',
  name: 'Todoist',
  reads:
    'Your open tasks: their words, due dates, priorities and lengths. Once: when you completed tasks in the last 90 days.',
  stores:
    'The sealed key to your account, ids, and how often you completed something at which hour. Your tasks stay at Todoist; oO reads them when it needs them.',
}

export interface TodoistSettings {
  clientId: string
  clientSecret: string
  /** Another origin than Todoist's own, for the sandbox. */
  baseUrl?: string
}

const deadlineMs = 5_000
/** Sooner than anybody stops waiting, so that it is the provider's silence that the breaker counts. */
const noticedMs = deadlineMs - 500
const scopes: readonly Permission[] = ['data:read_write']

export function createTodoist(
  settings: TodoistSettings,
  { clock, log }: { clock: Clock; log: Log },
): Connector {
  const { clientId, clientSecret } = settings
  const outbound = openOutbound({ target: 'todoist', clock, timeoutMs: noticedMs })
  const base = settings.baseUrl === undefined ? {} : { baseUrl: settings.baseUrl }

  async function call<T>(
    signal: AbortSignal,
    readStatus: StatusReader,
    work: (transport: Transport) => Promise<T>,
  ): Promise<T> {
    const total = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)])
    const transport = openTransport(outbound, { signal: total, readStatus })
    try {
      return await work(transport)
    } catch (error) {
      throw error instanceof TodoistSyncError ? refusedCommand(error) : transport.troubleOf(error)
    }
  }
  const api = ({ customFetch }: Transport, access: string) => new TodoistApi(access, { ...base, customFetch })

  const readerOf = (transport: Transport, { access, account }: Tokens): Reader => ({
    api: api(transport, access),
    account,
    nowMs: clock.now().getTime(),
  })

  const tokensOf = (answer: AuthTokenResponse, account: string): Tokens => ({
    access: answer.accessToken,
    refresh: answer.refreshToken ?? null,
    expiresAt: answer.expiresIn ? new Date(clock.now().getTime() + answer.expiresIn * 1_000) : null,
    account,
  })

  const revokeOne = (token: string, signal: AbortSignal) =>
    call(signal, readRevokeStatus, ({ customFetch }) =>
      revokeToken({ clientId, clientSecret, token }, { ...base, customFetch }),
    ).catch((error: unknown) => {
      if (!(error instanceof ConnectorTrouble && error.kind === 'gone')) throw error
    })

  async function revoke(tokens: Tokens, signal: AbortSignal): Promise<void> {
    // Both: an access token that has run out names no grant any more, the refresh token still does.
    if (tokens.refresh) await revokeOne(tokens.refresh, signal)
    await revokeOne(tokens.access, signal)
  }

  async function exchange({ code }: { code: string }, signal: AbortSignal): Promise<Tokens> {
    const answer = await call(signal, readTokenStatus, ({ customFetch }) =>
      getAuthToken({ clientId, clientSecret, code }, { ...base, customFetch }),
    )
    try {
      const user = await call(signal, readApiStatus, transport =>
        api(transport, answer.accessToken).getUser(),
      )
      return tokensOf(answer, user.id)
    } catch (error) {
      // Half a connection is none: what was granted a moment ago is handed back.
      await revoke(tokensOf(answer, ''), signal).catch(() =>
        log.warn('a grant without use could not be revoked'),
      )
      throw error
    }
  }

  async function command(tokens: Tokens, type: CloseOrReopen, act: Act, signal: AbortSignal): Promise<void> {
    await call(signal, readApiStatus, transport =>
      api(transport, tokens.access).sync({ commands: [commandOf(type, act)] }),
    )
  }

  return {
    ...todoistAbout,
    isAway: outbound.isOpen,

    entry: {
      by: 'provider',
      scopes,
      authorizeUrl({ redirectUri, state }) {
        const url = new URL(getAuthorizationUrl({ clientId, permissions: scopes, state, ...base }))
        url.searchParams.set('redirect_uri', redirectUri)
        return url.href
      },
      exchange,
    },

    async refresh(tokens, signal) {
      const refreshToken = tokens.refresh
      if (refreshToken === null) throw new ConnectorTrouble('revoked', 'the grant cannot be refreshed')
      const answer = await call(signal, readTokenStatus, ({ customFetch }) =>
        refreshAuthToken({ clientId, clientSecret, refreshToken }, { ...base, customFetch }),
      )
      const fresh = tokensOf(answer, tokens.account)
      return { ...fresh, refresh: fresh.refresh ?? refreshToken }
    },

    revoke,

    readWebhook: signed => readTodoistWebhook(clientSecret, signed),

    tasks: {
      async read(tokens, asked, signal) {
        const read = (known = asked.known) =>
          call(signal, readSyncStatus, transport =>
            readTasks(readerOf(transport, tokens), { timeZone: asked.timeZone, known }),
          )
        try {
          return await read().catch(refusedMark(() => read(nothingKnown)))
        } catch (error) {
          if (!(error instanceof TooMuch)) throw error
          return call(signal, readApiStatus, transport => readPages(readerOf(transport, tokens), asked))
        }
      },

      async changes(tokens, mark, signal) {
        const read = (since: string | null) =>
          call(signal, readSyncStatus, transport => readChanges(readerOf(transport, tokens), since))
        try {
          return await read(mark).catch(refusedMark(() => read(null)))
        } catch (error) {
          if (error instanceof TooMuch) return undefined
          throw error
        }
      },

      async occurrences(tokens, since, signal) {
        try {
          return await call(signal, readLogStatus, transport =>
            readOccurrences(api(transport, tokens.access), since),
          )
        } catch (error) {
          if (isTrouble(error, 'gone')) return undefined
          throw error
        }
      },

      async past(tokens, asked, signal) {
        if (!isInLog(asked.place))
          return call(signal, readApiStatus, transport => readPastTasks(api(transport, tokens.access), asked))
        try {
          return await call(signal, readLogStatus, transport =>
            readPastOccurrences(api(transport, tokens.access), asked),
          )
        } catch (error) {
          if (isTrouble(error, 'gone')) return { done: [], next: null }
          throw error
        }
      },

      async taskState(tokens, externalId, signal) {
        try {
          const task = await call(signal, readTaskStatus, transport =>
            api(transport, tokens.access).getTask(externalId),
          )
          if (task.isDeleted || !isForThem(task, tokens.account)) return { is: 'gone' }
          return task.checked ? { is: 'completed', at: validInstant(task.completedAt) } : { is: 'open' }
        } catch (error) {
          if (isTrouble(error, 'gone')) return { is: 'gone' }
          throw error
        }
      },

      complete: (tokens, act, signal) => command(tokens, 'item_close', act, signal),
      reopen: (tokens, act, signal) => command(tokens, 'item_uncomplete', act, signal),
    },
  }
}

const nothingKnown = { bytes: 0 }

/** A mark that the provider does not take any more: everything is asked for, once. */
const refusedMark =
  <T>(again: () => Promise<T>) =>
  (error: unknown): Promise<T> => {
    if (!isTrouble(error, 'gone')) throw error
    return again()
  }

type CloseOrReopen = 'item_close' | 'item_uncomplete'

/**
 * A sync command runs once per uuid, which closing by address does not promise: a recurring task would move twice.
 * The SDK's table of commands lacks `item_close`; this is the one place that vouches for its shape.
 */
function commandOf(type: CloseOrReopen, { externalId, actId }: Act): SyncCommand {
  return JSON.parse(JSON.stringify({ type, uuid: actId, args: { id: externalId } }))
}

/** The request was understood and its one command refused. */
function refusedCommand(error: TodoistSyncError): ConnectorTrouble {
  const status = error.httpStatusCode ?? 0
  if (status === 404 || /not found/i.test(error.message)) return new ConnectorTrouble('gone', 'no such task')
  return readApiStatus(status, '', undefined)
}
