// Events as an operator reads them: lists by page, and the log as it grows.
import { type JsonValue, toJson } from '@bufbuild/protobuf'
import type { Ctx } from '@oo/kernel'
import { EnvelopeSchema } from '@oo/shared-types/events'
import type { StreamedEvent } from '@oo/shared-types/handlers'
import type { Logged } from './logged.ts'
import { type Place, placeOf } from './place.ts'
import { type DeadPlace, listDead } from './store/held.ts'
import { listBelow } from './store/log.ts'
import type { Tail } from './tail.ts'

export interface ShownEvent {
  id: string
  subject: string
  at: string
  personId: string | null
  traceId?: string
  payload: Record<string, unknown>
  appliedBy?: string[]
}

export interface Live {
  event?: ShownEvent
  missed?: boolean
}

const liveAtOnce = 200

export async function listEvents(
  ctx: Pick<Ctx, 'db'>,
  input: { subject?: string; personId?: string; before?: string; limit: number },
): Promise<{ events: ShownEvent[]; next?: string }> {
  const { before, limit, ...filter } = input
  const { events, examinedTo } = await listBelow(ctx.db, before ? placeFrom(before) : null, filter, limit)
  const end = events.length === limit ? events.at(-1) : examinedTo
  return {
    events: events.map(event => ({ ...shownOf(event), appliedBy: event.appliedBy })),
    ...(end && examinedTo && { next: `${end.xid}.${end.seq}` }),
  }
}

function placeFrom(cursor: string): Place {
  const [xid = '0', seq] = cursor.split('.')
  return { xid, seq: Number(seq) }
}

export async function listDeadLetters(ctx: Pick<Ctx, 'db'>, input: { before?: string; limit: number }) {
  const rows = await listDead(ctx.db, input.before ? deadFrom(input.before) : null, input.limit)
  const last = rows.length === input.limit ? rows.at(-1) : undefined
  return {
    dead: rows.map(row => ({ ...row, at: row.at.toISOString() })),
    ...(last && { next: `${last.at.getTime()}.${last.eventId}.${last.subscriber}` }),
  }
}

function deadFrom(cursor: string): DeadPlace {
  const [ms, eventId = '', ...subscriber] = cursor.split('.')
  return { at: new Date(Number(ms)), eventId, subscriber: subscriber.join('.') }
}

/** What comes after an event that is still in memory, else after now. */
export async function* watch(
  tail: Tail,
  { after, subject }: { after?: string; subject?: string },
  signal: AbortSignal,
): AsyncGenerator<StreamedEvent<Live>> {
  let place: Place | undefined
  const known = after && tail.recent().find(event => event.id === after)
  if (known) place = placeOf(known)
  else {
    place = tail.end()
    if (after) yield { data: { missed: true } }
  }
  let news = Promise.withResolvers<void>()
  const tell = () => news.resolve()
  const end = tail.onNew(tell)
  signal.addEventListener('abort', tell)
  try {
    while (!signal.aborted) {
      news = Promise.withResolvers()
      const events = tail.after(place, liveAtOnce)
      if (!events) {
        // A slow reader, whose events memory no longer has.
        place = tail.end()
        yield { data: { missed: true } }
        continue
      }
      for (const event of events) {
        place = placeOf(event)
        if (subject && event.subject !== subject) continue
        yield { id: event.id, data: { event: shownOf(event) } }
      }
      if (events.length === 0) await news.promise
    }
  } finally {
    end()
    signal.removeEventListener('abort', tell)
  }
}

function shownOf(event: Logged): ShownEvent {
  const { traceId, payload } = event.read()
  const json = toJson(EnvelopeSchema, event.read())
  const fields = payload.case && isObject(json) ? json[payload.case] : undefined
  return {
    id: event.id,
    subject: event.subject,
    at: event.at.toISOString(),
    personId: event.personId,
    ...(traceId && { traceId }),
    payload: fields !== undefined && isObject(fields) ? fields : {},
  }
}

const isObject = (value: JsonValue): value is { [key: string]: JsonValue } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
