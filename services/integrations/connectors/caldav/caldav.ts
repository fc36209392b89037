// CalDAV: task lists on a server that the person names, read and written with a password of theirs for oO alone.
import type { Clock } from '@oo/kernel'
import {
  type Act,
  type Connector,
  type ConnectorAbout,
  ConnectorTrouble,
  type TaskApp,
  type Tokens,
  type Typed,
} from '../connector.ts'
import { readAddress } from './address.ts'
import { type Component, todoOf, writeCalendar } from './calendar.ts'
import { complete, type Doing, reopen } from './change.ts'
import { findHomes, listsOf } from './discover.ts'
import { type Access, openFinder } from './find.ts'
import { readItem } from './items.ts'
import { caldavSource, instantOf, statusOf } from './openTask.ts'
import { readTasks } from './readTasks.ts'
import { openDav, troubleAt } from './transport.ts'

export const caldavAbout: ConnectorAbout = {
  id: caldavSource,
  name: 'CalDAV',
  reads:
    'Your open tasks on Nextcloud, Radicale or another CalDAV server: their words, dates, priorities and lengths.',
  stores:
    'Your server’s address, your name there and the app password, sealed, and ids. Your tasks stay on your server; oO reads them when it needs them.',
}

export interface CalDavSettings {
  /** Hosts with port that may be in a private network and may speak http. Nothing else there is ever reached. */
  innerHosts?: readonly string[]
  timeoutMs?: number
  maxBytes?: number
}

export function createCalDav(
  settings: CalDavSettings,
  { clock }: { clock: Clock },
): Connector & { entry: Typed; tasks: TaskApp } {
  const innerHosts = settings.innerHosts ?? []
  const at = openDav({ ...settings, innerHosts, clock })
  const finder = openFinder(at, clock)

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

    entry: {
      by: 'form',
      async signIn({ address, user, password }, signal) {
        const as = { user, password }
        const place = readAddress(address, innerHosts)
        const { principal, homes } = await findHomes(at, as, place, signal)
        // Asked for once, so that what is connected can be read.
        await listsOf(at, as, homes, signal)
        const kept = { ...as, address: place.href, homes: homes.map(({ href }) => href) }
        return { access: JSON.stringify(kept), refresh: null, expiresAt: null, account: principal.href }
      },
      typedIn(tokens) {
        const { address, user } = accessOf(tokens)
        return { address, user }
      },
    },

    /** Nothing renews an app password; the person types another one. */
    async refresh() {
      throw new ConnectorTrouble('revoked', 'an app password cannot be refreshed')
    },

    /** Only the person can end an app password, at their server; here it is deleted. */
    revoke: async () => {},

    tasks: {
      async read(tokens, { timeZone, known }, signal) {
        const access = accessOf(tokens)
        const lists = await listsOf(at, access, access.homes, signal)
        return readTasks(at, access, { lists, timeZone, known, signal })
      },

      async taskState(tokens, externalId, signal) {
        const found = await finder.find(accessOf(tokens), externalId, signal)
        const todo = found && todoOf(found.calendar)
        const status = todo ? statusOf(todo) : 'cancelled'
        if (!todo || status === 'cancelled') return { is: 'gone' }
        return status === 'completed' ? { is: 'completed', at: instantOf(todo, 'completed') } : { is: 'open' }
      },

      complete: (tokens, act, signal) => change(tokens, act, { apply: complete, signal }),
      reopen: (tokens, act, signal) => change(tokens, act, { apply: reopen, signal }),
    },
  }
}

/** What signIn put into the tokens. */
function accessOf({ access }: Tokens): Access & { address: string } {
  const kept: unknown = JSON.parse(access)
  const part = (name: string): unknown =>
    typeof kept === 'object' && kept !== null ? Reflect.get(kept, name) : undefined
  const [address, user, password, homes] = ['address', 'user', 'password', 'homes'].map(part)
  const isWhole = typeof address === 'string' && typeof user === 'string' && typeof password === 'string'
  if (!isWhole || !Array.isArray(homes))
    throw new ConnectorTrouble('revoked', 'the grant is not one of CalDAV')
  return { address, user, password, homes: homes.map(home => new URL(String(home))) }
}
