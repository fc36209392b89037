import type { FastifyInstance } from 'fastify'
import { type Fields, fieldsOf, textOf, textsOf } from '../read.ts'
import type { Person } from '../world.ts'
import { type ApiParts, calendarWorld } from './api.ts'
import { notFound } from './errors.ts'
import { cancelEvent, changeEvent, createEvent, eventOf, isBusy, moveEvent } from './events.ts'
import { isScope } from './scopes.ts'
import { eventJson } from './wire.ts'

export type GoogleControlParts = ApiParts & { personOf: (email: unknown) => Person }
type OfPerson = { Params: { email: string } }
type OfEvent = { Params: { email: string; id: string; act: string } }

/** What a person would do in Google's own calendar, and what Google does by itself with time. */
export function googleControl(app: FastifyInstance, parts: GoogleControlParts): void {
  const { grants, channels, personOf } = parts

  const worldOf = (email: unknown, fields: Fields) =>
    calendarWorld(parts, personOf(email), textOf(fields.calendar) ?? 'primary')
  const shown = (email: string, fields: Fields, id: string): Fields => {
    const { calendar, zones, now, life } = worldOf(email, fields)
    const event = eventOf(calendar, id, { zones, now, life })
    return { ...eventJson(event, { shown: calendar.zone, sparse: false, email }), busy: isBusy(event) }
  }

  app.get<OfPerson>('/control/google/:email/events', request => {
    const query = fieldsOf(request.query)
    const { calendar, email } = worldOf(request.params.email, query)
    return { events: [...calendar.events.keys()].map(id => shown(email, query, id)) }
  })
  app.post<OfPerson>('/control/google/:email/events', (request, reply) => {
    const fields = fieldsOf(request.body)
    const { email } = personOf(request.params.email)
    return reply.code(201).send(shown(email, fields, createEvent(worldOf(email, fields), fields).id))
  })
  app.post<OfEvent>('/control/google/:email/events/:id/:act', request => {
    const fields = fieldsOf(request.body)
    const { id, act } = request.params
    const { email } = personOf(request.params.email)
    const calendar = worldOf(email, fields)
    if (act === 'move') moveEvent(calendar, id, fields)
    else if (act === 'change') changeEvent(calendar, id, fields)
    else if (act === 'cancel' || act === 'delete') cancelEvent(calendar, id)
    else throw notFound()
    return shown(email, fields, id)
  })

  app.post<OfPerson>('/control/google/:email/sync-tokens/expire', request => {
    const { calendars } = personOf(request.params.email).calendar
    for (const calendar of calendars.values()) {
      calendar.version += 1
      calendar.oldestToken = calendar.version
    }
    return { expired: calendars.size }
  })

  app.post<OfPerson>('/control/google/:email/channels/expire', request => ({
    expired: channels.expire(personOf(request.params.email).email),
  }))
  app.get('/control/google/webhooks', () => ({
    channels: channels.list().map(({ grant, token: _token, stopped: _stopped, ...channel }) => ({
      email: grant.email,
      ...channel,
    })),
    deliveries: channels.deliveries,
  }))

  app.get<OfPerson>('/control/google/:email/grants', request => {
    const live = grants.live(personOf(request.params.email).email)
    const told = live.map(({ scopes, refreshes, offline }) => ({ scopes, refreshes, offline }))
    return { live: live.length, grants: told }
  })
  app.post<OfPerson>('/control/google/:email/grants/expire', request => ({
    expired: grants.expireAccess(personOf(request.params.email).email),
  }))
  app.post<OfPerson>('/control/google/:email/grants/revoke', request => ({
    revoked: grants.revokeAll(personOf(request.params.email).email),
  }))
  /** With consents approved by themselves: the scopes that this person ticks from now on; without `scopes`, all. */
  app.post<OfPerson>('/control/google/:email/ticks', request => {
    const { scopes } = fieldsOf(request.body)
    if (scopes !== undefined && !textsOf(scopes).every(isScope))
      throw new Error('scopes is a list of scopes of Google.')
    const { calendar } = personOf(request.params.email)
    calendar.ticks = scopes === undefined ? null : textsOf(scopes)
    return { ticks: calendar.ticks }
  })
}
