import type { EventConsole } from '@oo/events'
import type { Handlers } from '@oo/shared-types/handlers'

export type AdminHandlers = Handlers<
  'adminEvents' | 'adminDeadEvents' | 'adminEventStream' | 'adminReplayEvents' | 'adminReplayEvent'
>

export interface GivenParts {
  events: EventConsole
}

export const routes = ({ events }: GivenParts): AdminHandlers => ({
  adminEvents: async ({ query: { limit = 50, ...query } }) => ({
    status: 200,
    body: await events.list({ ...query, limit }),
  }),

  adminDeadEvents: async ({ query: { limit = 50, ...query } }) => ({
    status: 200,
    body: await events.listDead({ ...query, limit }),
  }),

  adminEventStream: async ({ query, lastEventId }) => ({
    status: 200,
    events: signal => events.watch({ ...query, ...(lastEventId && { after: lastEventId }) }, signal),
  }),

  adminReplayEvents: async ({ body: { from, to, ...body } }) => ({
    status: 200,
    body: await events.replay({ ...body, from: new Date(from), to: new Date(to) }),
  }),

  adminReplayEvent: async ({ params: { id }, body }) => ({
    status: 200,
    body: await events.replay({ ...body, id }),
  }),
})
