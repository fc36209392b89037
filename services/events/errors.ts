import type { ProblemShape } from '@oo/kernel'

export const errors = {
  unknownSubscriber: {
    status: 404,
    code: 'unknown_subscriber',
    title: 'Nobody of this name listens to events like these; leave the name out to ask all.',
  },
  nothingToReplay: {
    status: 404,
    code: 'no_such_event',
    title: 'The log has no such event; it may be older than the log reaches back.',
  },
  tooManyToReplay: {
    status: 422,
    code: 'too_many_events',
    title: 'These are more than 100,000 events; choose a shorter time.',
  },
  emptyTime: {
    status: 422,
    code: 'empty_time',
    title: 'This time ends before it begins; send a `to` after `from`.',
  },
} satisfies Record<string, ProblemShape>
