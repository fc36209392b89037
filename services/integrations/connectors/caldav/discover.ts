// From the address that a person typed to where their task lists are, and which there are (RFC 6764, 5397, 4791).
import { ConnectorTrouble } from '../connector.ts'
import { AddressRefused } from './address.ts'
import { type DavResponse, readMultistatus, sameServer } from './multistatus.ts'
import { askLists, askWhoIAm } from './queries.ts'
import { type Dav, type DavAnswer, Forbidden, type SignIn, troubleAt } from './transport.ts'
import { caldav, calendarServer, childOf, childrenOf, dav, type Element, hrefsOf } from './xml.ts'

export interface Found {
  principal: URL
  /** Where their calendars are. */
  homes: URL[]
}

export interface TaskList {
  url: URL
  syncToken: string | null
  /** Changes whenever something in the list does. */
  mark: string | null
}

const mostHops = 3
const mostHomes = 3
const mostLists = 50

export async function findHomes(at: Dav, as: SignIn, address: URL, signal: AbortSignal): Promise<Found> {
  const typed = address.pathname === '/' ? [] : [address]
  const places = [...typed, new URL('/.well-known/caldav', address), new URL('/', address)]
  let forbidden: Forbidden | undefined
  for (const place of places) {
    const me = await whoIAm(at, as, place, signal).catch((error: unknown) => {
      if (!(error instanceof Forbidden)) throw error
      forbidden = error
      return undefined
    })
    const principal = me && firstHref(me, dav('current-user-principal'))
    if (!principal) continue
    const homes = homesOf(await principalAt(at, as, principal, signal))
    if (homes.length > 0) return { principal, homes }
  }
  throw forbidden ?? new AddressRefused('not-caldav')
}

/** Undefined where there is nobody to ask; a refused password is trouble at once. */
async function whoIAm(
  at: Dav,
  as: SignIn,
  place: URL,
  signal: AbortSignal,
): Promise<DavResponse | undefined> {
  let url = place
  for (let hop = 0; hop <= mostHops; hop += 1) {
    const answer = await at.ask(as, { method: 'PROPFIND', url, depth: '0', body: askWhoIAm }, signal)
    if (answer.status === 207) return readMultistatus(answer.body, url).responses[0]
    const next = redirectOf(answer, url)
    if (!next) {
      if (isTelling(answer.status)) throw troubleAt(answer)
      return undefined
    }
    url = next
  }
  return undefined
}

const isTelling = (status: number): boolean =>
  status === 401 || status === 403 || status === 429 || status === 408 || status >= 500

function redirectOf({ status, location }: DavAnswer, url: URL): URL | undefined {
  if (![301, 302, 303, 307, 308].includes(status) || location === null) return undefined
  const next = sameServer(location, url)
  if (next) return next
  throw new AddressRefused('elsewhere', URL.parse(location, url)?.host)
}

async function principalAt(at: Dav, as: SignIn, url: URL, signal: AbortSignal): Promise<DavResponse> {
  const { responses } = await at.askMany(as, { method: 'PROPFIND', url, depth: '0', body: askWhoIAm }, signal)
  const [first] = responses
  if (!first) throw new ConnectorTrouble('garbage', 'the principal has no properties')
  return first
}

function homesOf({ url, properties }: DavResponse): URL[] {
  const hrefs = hrefsOf(properties.get(caldav('calendar-home-set'))).slice(0, mostHomes)
  const homes = hrefs.flatMap(href => sameServer(href, url) ?? [])
  const [elsewhere] = hrefs
  if (homes.length === 0 && elsewhere !== undefined)
    throw new AddressRefused('elsewhere', URL.parse(elsewhere, url)?.host)
  return homes
}

const firstHref = ({ url, properties }: DavResponse, name: string): URL | undefined => {
  const [href] = hrefsOf(properties.get(name))
  return href === undefined ? undefined : sameServer(href, url)
}

/** Calendars that take tasks and that this person may write: what they cannot complete is not theirs to do. */
export async function listsOf(
  at: Dav,
  as: SignIn,
  homes: readonly URL[],
  signal: AbortSignal,
): Promise<TaskList[]> {
  const found = new Map<string, TaskList>()
  for (const url of homes) {
    const request = { method: 'PROPFIND', url, depth: '1', body: askLists } as const
    const { responses } = await at.askMany(as, request, signal)
    for (const list of responses.flatMap(response => listOf(response) ?? []))
      if (found.size < mostLists) found.set(list.url.href, list)
  }
  return [...found.values()]
}

function listOf({ url, properties }: DavResponse): TaskList | undefined {
  const text = (name: string) => properties.get(name)?.text.trim() || null
  const isCalendar = childOf(properties.get(dav('resourcetype')), caldav('calendar')) !== undefined
  const takes = properties.get(caldav('supported-calendar-component-set'))
  if (!isCalendar || !takesTasks(takes) || !isWritable(properties.get(dav('current-user-privilege-set'))))
    return undefined
  const syncToken = text(dav('sync-token'))
  const mark = syncToken ?? text(calendarServer('getctag'))
  return { url, syncToken, mark }
}

/** A server that does not say what a calendar takes takes everything. */
const takesTasks = (takes: Element | undefined): boolean =>
  takes === undefined ||
  childrenOf(takes, caldav('comp')).some(
    ({ attributes }) => attributes.get('name')?.toUpperCase() === 'VTODO',
  )

const writing = new Set([dav('all'), dav('write'), dav('write-content')])

const isWritable = (privileges: Element | undefined): boolean =>
  privileges === undefined ||
  childrenOf(privileges, dav('privilege')).some(({ children }) =>
    children.some(({ name }) => writing.has(name)),
  )
