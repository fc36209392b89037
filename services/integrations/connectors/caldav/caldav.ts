// CalDAV: task lists on a server that the person names, read and written with a password of theirs for oO alone.
import type { Clock } from '@oo/kernel'
import {
  type Act,
  type Connector,
  type ConnectorAbout,
  ConnectorTrouble,
  type TaskApp,
  type Tokens,
} from '../connector.ts'
import { readAddress } from './address.ts'
import { type Component, todoOf, writeCalendar } from './calendar.ts'
import { complete, type Doing, reopen } from './change.ts'
import { findHomes, listsOf } from './discover.ts'
import { type Access, openFinder } from './find.ts'
import { readItem } from './items.ts'
import { caldavSource, instantOf, statusOf } from './openTask.ts'
import { type Known, type Reading, readTasks } from './readTasks.ts'
import { openDav, troubleAt } from './transport.ts'

export const caldavAbout: ConnectorAbout = {
  id: caldavSource,
  name: 'CalDAV',
  reads: 'Your open tasks: their words, due dates, priorities and lengths.',
  stores:
    'Your server’s address, your name there and the app password, sealed, and ids. Your tasks stay on your server; oO reads them when it needs them.',
}

export interface CalDavSettings {
  /** Hosts with port that may be in a private network and may speak http. Nothing else there is ever reached. */
  innerHosts?: readonly string[]
  timeoutMs?: number
  maxBytes?: number
}

export interface CalDavForm {
  address: string
  user: string
  /** An app password, where the server has them. */
  password: string
}

/** As any connector, but for how a grant comes about: the person types it, and nothing refreshes it. */
export interface CalDav extends ConnectorAbout, Pick<Connector, 'revoke' | 'isAway'>, Omit<TaskApp, 'read'> {
  /** Tries the form: AddressRefused says what is wrong with the address, the trouble `revoked` that the password is. */
  signIn(form: CalDavForm, signal: AbortSignal): Promise<{ tokens: Tokens; lists: string[] }>
  /** All that is open, with what a VTODO says beyond that, and asking only for what changed since `known` was read. */
  read(
    tokens: Tokens,
    asked: { timeZone: string | null; known?: Known | undefined },
    signal: AbortSignal,
  ): Promise<Reading>
}

export function createCalDav(settings: CalDavSettings, { clock }: { clock: Clock }): CalDav {
  const innerHosts = settings.innerHosts ?? []
  const at = openDav({ ...settings, innerHosts, clock })
  const finder = openFinder(at, clock)

  async function read(
    tokens: Tokens,
    { timeZone, known }: { timeZone: string | null; known?: Known | undefined },
    signal: AbortSignal,
  ): Promise<Reading> {
    const access = accessOf(tokens)
    const lists = await listsOf(at, access, access.homes, signal)
    return readTasks(at, access, { lists, timeZone, known, signal })
  }

  async function change(
    tokens: Tokens,
    { externalId, actId }: Act,
    { apply, signal }: { apply: (todo: Component, doing: Doing) => boolean; signal: AbortSignal },
  ): Promise<void> {
    const access = accessOf(tokens)
    const found = await finder.find(access, externalId, signal)
    if (!found) throw new ConnectorTrouble('gone', 'no such task')
    for (let item = found, tries = 0; tries < 2; tries += 1) {
      if (tries > 0) item = await readItem(at, access, found.url, signal)
      const todo = todoOf(item.calendar)
      if (!todo || !apply(todo, { actId, at: clock.now() })) return
      // Without a mark to compare, another's change could be overwritten.
      if (item.etag === null) throw new ConnectorTrouble('garbage', 'the task cannot be changed safely')
      const body = writeCalendar(item.calendar)
      const request = { method: 'PUT', url: item.url, body, ifMatch: item.etag } as const
      const answer = await at.ask(access, request, signal)
      if (answer.status >= 200 && answer.status < 300) return
      // This list may not be written; the grant is as good as before.
      if (answer.status === 403) throw new ConnectorTrouble('garbage', 'the task may not be changed')
      if (answer.status !== 412) throw troubleAt(answer)
    }
    throw new ConnectorTrouble('away', 'the task is being changed by others')
  }

  return {
    ...caldavAbout,
    /** Every server has a breaker of its own: a call to one that is away fails at once by itself. */
    isAway: () => false,

    async signIn({ address, user, password }, signal) {
      const as = { user, password }
      const { principal, homes } = await findHomes(at, as, readAddress(address, innerHosts), signal)
      const lists = await listsOf(at, as, homes, signal)
      const access = JSON.stringify({ ...as, homes: homes.map(({ href }) => href) })
      return {
        tokens: { access, refresh: null, expiresAt: null, account: principal.href },
        lists: lists.map(({ name }) => name),
      }
    },

    read,

    async taskState(tokens, externalId, signal) {
      const todo = todoOf((await finder.find(accessOf(tokens), externalId, signal))?.calendar ?? ['', [], []])
      const status = todo ? statusOf(todo) : 'cancelled'
      if (!todo || status === 'cancelled') return { is: 'gone' }
      return status === 'completed' ? { is: 'completed', at: instantOf(todo, 'completed') } : { is: 'open' }
    },

    complete: (tokens, act, signal) => change(tokens, act, { apply: complete, signal }),
    reopen: (tokens, act, signal) => change(tokens, act, { apply: reopen, signal }),

    /** Only the person can end an app password, at their server; here it is deleted. */
    revoke: async () => {},
  }
}

/** What signIn put into the tokens. */
function accessOf({ access }: Tokens): Access {
  const kept: unknown = JSON.parse(access)
  const part = (name: string): unknown =>
    typeof kept === 'object' && kept !== null ? Reflect.get(kept, name) : undefined
  const [user, password, homes] = [part('user'), part('password'), part('homes')]
  if (typeof user !== 'string' || typeof password !== 'string' || !Array.isArray(homes))
    throw new ConnectorTrouble('revoked', 'the grant is not one of CalDAV')
  return { user, password, homes: homes.map(home => new URL(String(home))) }
}
