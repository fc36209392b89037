import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Fields, fieldsOf, textOf } from '../read.ts'
import type { Person, World } from '../world.ts'
import { type Calendar, calendarOf, type House } from './account.ts'
import { listCalendars } from './calendar-list.ts'
import type { Channels } from './channels.ts'
import { insufficient, notFound, pushNotSupported, unauthorized } from './errors.ts'
import { type CalendarWorld, eventOf } from './events.ts'
import { freeBusy } from './freebusy.ts'
import type { Grant, Grants } from './grants.ts'
import { listEvents, zoneFrom } from './list.ts'
import { partial } from './partial.ts'
import type { Quota } from './quota.ts'
import { allows, type Need, seesOnlyBusy } from './scopes.ts'
import { eventJson } from './wire.ts'

export type ApiParts = { world: World; grants: Grants; channels: Channels; quota: Quota }
type OfCalendar = { Params: { calendar: string } }
type OfEvent = { Params: { calendar: string; event: string } }

export const houseOf = ({ zones, now, life }: World): House => ({ zones, now: now().getTime(), life })

/** What the verbs need to act in one calendar of a person. */
export function calendarWorld(
  parts: Pick<ApiParts, 'world' | 'channels'>,
  person: Person,
  id: string,
): CalendarWorld {
  const calendar = calendarOf(person.calendar, id)
  if (!calendar) throw notFound()
  const told = () => parts.channels.changed(person.email, calendar.id)
  return { ...houseOf(parts.world), email: person.email, calendar, told }
}

export function apiRoutes(app: FastifyInstance, parts: ApiParts): void {
  const { world, grants, channels, quota } = parts

  function asking(request: FastifyRequest, need: Need): { person: Person; grant: Grant; query: Fields } {
    const query = fieldsOf(request.query)
    const [kind, token] = (request.headers.authorization ?? '').split(' ')
    const found = grants.byAccess((kind === 'Bearer' ? token : textOf(query.access_token)) ?? '')
    if (!found) throw unauthorized()
    quota.spend(found.grant.email)
    if (!allows(found.grant.scopes, need)) throw insufficient()
    return { person: world.person(found.grant.email), grant: found.grant, query }
  }

  function calendarFor(person: Person, id: string): Calendar {
    const calendar = calendarOf(person.calendar, id)
    if (!calendar) throw notFound()
    return calendar
  }

  app.get('/calendar/v3/users/me/calendarList', request => {
    const { person, query } = asking(request, 'list')
    return partial(listCalendars(person.calendar, query, houseOf(world)), textOf(query.fields))
  })

  app.get<OfCalendar>('/calendar/v3/calendars/:calendar/events', request => {
    const { person, grant, query } = asking(request, 'events')
    const calendar = calendarFor(person, request.params.calendar)
    const sparse = seesOnlyBusy(grant.scopes)
    const answer = listEvents({ calendar, query, house: houseOf(world), email: person.email, sparse })
    return partial(answer, textOf(query.fields))
  })

  app.get<OfEvent>('/calendar/v3/calendars/:calendar/events/:event', request => {
    const { person, grant, query } = asking(request, 'events')
    const calendar = calendarFor(person, request.params.calendar)
    const house = houseOf(world)
    const shape = {
      shown: zoneFrom(query, calendar.zone, house),
      sparse: seesOnlyBusy(grant.scopes),
      email: person.email,
    }
    return partial(eventJson(eventOf(calendar, request.params.event, house), shape), textOf(query.fields))
  })

  app.post<OfCalendar>('/calendar/v3/calendars/:calendar/events/watch', request => {
    const { person, grant } = asking(request, 'events')
    if (request.params.calendar.endsWith('@group.v.calendar.google.com')) throw pushNotSupported()
    const { id } = calendarFor(person, request.params.calendar)
    const uri = `https://www.googleapis.com/calendar/v3/calendars/${encodeURIComponent(id)}/events?alt=json`
    return channels.watch(grant, id, uri, fieldsOf(request.body))
  })

  app.post('/calendar/v3/channels/stop', (request, reply) => {
    const { person } = asking(request, 'any')
    channels.stopChannel(person.email, fieldsOf(request.body))
    return reply.code(204).send()
  })

  app.post('/calendar/v3/freeBusy', request => {
    const { person, query } = asking(request, 'freebusy')
    return partial(freeBusy(person.calendar, fieldsOf(request.body), houseOf(world)), textOf(query.fields))
  })
}
