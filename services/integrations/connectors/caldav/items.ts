// Items of a list: which there are, what changed, and what is in them.
import { ConnectorTrouble } from '../connector.ts'
import { type Component, readCalendar } from './calendar.ts'
import type { TaskList } from './discover.ts'
import type { DavResponse, Multistatus } from './multistatus.ts'
import { askChanges, askItems, askOpenItems } from './queries.ts'
import { type Dav, type DavAnswer, Forbidden, Oversized, type SignIn, troubleAt } from './transport.ts'
import { caldav, dav } from './xml.ts'

export interface Item {
  url: URL
  /** Null where the server gives none: it cannot be changed then. */
  etag: string | null
  calendar: Component
}

/** Paths with what names their present content. */
export interface Listing {
  present: Map<string, string>
  gone: string[]
}

const batchSize = 200

/** Everything that is open, as far as the server can tell. */
export async function listOpen(at: Dav, as: SignIn, list: TaskList, signal: AbortSignal): Promise<Listing> {
  const request = { method: 'REPORT', url: list.url, depth: '1', body: askOpenItems } as const
  return listingOf(await at.askMany(as, request, signal), list)
}

/** What changed since; undefined where the server does not know that moment any more, or does not tell everything. */
export async function listChanges(
  at: Dav,
  as: SignIn,
  { list, since, signal }: { list: TaskList; since: string; signal: AbortSignal },
): Promise<Listing | undefined> {
  // RFC 6578 has the depth in the body; of the header it says 0.
  const request = { method: 'REPORT', url: list.url, depth: '0', body: askChanges(since) } as const
  try {
    const answer = await at.askMany(as, request, signal)
    const isCut = answer.responses.some(({ status }) => status === 507)
    return isCut ? undefined : listingOf(answer, list)
  } catch (error) {
    if (isFinal(error)) throw error
    return undefined
  }
}

/** Asked in full, it would be the same. */
const isFinal = (error: unknown): boolean =>
  !(error instanceof ConnectorTrouble) ||
  (['revoked', 'quota', 'away'].includes(error.kind) && !(error instanceof Forbidden))

function listingOf({ responses }: Multistatus, list: TaskList): Listing {
  const listing: Listing = { present: new Map(), gone: [] }
  for (const response of responses) {
    const { pathname } = response.url
    if (pathname === list.url.pathname || !pathname.startsWith(list.url.pathname)) continue
    const etag = etagOf(response)
    if (response.status === 404 || response.status === 410) listing.gone.push(pathname)
    else if (etag !== null) listing.present.set(pathname, etag)
  }
  return listing
}

const etagOf = ({ properties }: DavResponse): string | null =>
  strong(properties.get(dav('getetag'))?.text ?? null)

/** A proxy that packs an answer makes its mark a weak one, which no server takes back. */
const strong = (etag: string | null): string | null => etag?.trim().replace(/^W\//, '') || null

/** What cannot be read is left out. */
export async function readItems(
  at: Dav,
  as: SignIn,
  { list, paths, signal }: { list: TaskList; paths: readonly string[]; signal: AbortSignal },
): Promise<Item[]> {
  const items: Item[] = []
  for (let from = 0; from < paths.length; from += batchSize)
    items.push(...(await readBatch(at, as, { list, paths: paths.slice(from, from + batchSize), signal })))
  return items
}

/** Too much at once is asked for by halves; one that is too large alone is nobody's task. */
async function readBatch(
  at: Dav,
  as: SignIn,
  batch: { list: TaskList; paths: readonly string[]; signal: AbortSignal },
): Promise<Item[]> {
  const { list, paths, signal } = batch
  const request = { method: 'REPORT', url: list.url, depth: '1', body: askItems(paths) } as const
  try {
    const { responses } = await at.askMany(as, request, signal)
    return responses.flatMap(response => itemOf(response) ?? [])
  } catch (error) {
    if (!(error instanceof Oversized)) throw error
    if (paths.length <= 1) return []
    const middle = Math.ceil(paths.length / 2)
    const first = await readBatch(at, as, { ...batch, paths: paths.slice(0, middle) })
    return [...first, ...(await readBatch(at, as, { ...batch, paths: paths.slice(middle) }))]
  }
}

function itemOf(response: DavResponse): Item | undefined {
  const calendar = readCalendar(response.properties.get(caldav('calendar-data'))?.text ?? '')
  return calendar && { url: response.url, etag: etagOf(response), calendar }
}

/** As it is now; the trouble `gone` when it no longer is. */
export async function readItem(at: Dav, as: SignIn, url: URL, signal: AbortSignal): Promise<Item> {
  const answer: DavAnswer = await at.ask(as, { method: 'GET', url }, signal)
  if (answer.status !== 200) throw troubleAt(answer)
  const calendar = readCalendar(answer.body)
  if (!calendar) throw new ConnectorTrouble('garbage', 'the item is no calendar')
  return { url, etag: strong(answer.etag), calendar }
}
