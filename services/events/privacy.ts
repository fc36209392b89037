import { toJson } from '@bufbuild/protobuf'
import { type Ctx, changed, type Eraser, type Exporter } from '@oo/kernel'
import { EnvelopeSchema } from '@oo/shared-types/events'
import { waitingOf } from './store/held.ts'
import { eraseEvents, eventsOf } from './store/log.ts'
import { tailTopic } from './tail.ts'

const tables = ['events.log', 'events.held', 'events.dead']

export const exporterOf = (ctx: Pick<Ctx, 'db'>): Exporter => ({
  tables,
  async collect(personId) {
    const rows = await eventsOf(ctx.db, personId)
    const waiting = Map.groupBy(await waitingOf(ctx.db, personId), row => row.eventId)
    return [
      {
        name: 'events',
        about: 'Everything that happened, one event a line: ids, times and numbers.',
        schema: {
          type: 'object',
          required: ['id', 'subject', 'at'],
          properties: { event: { type: 'object' }, waiting: { type: 'array' } },
        },
        rows: rows.map(event => ({
          id: event.id,
          subject: event.subject,
          at: event.at.toISOString(),
          event: toJson(EnvelopeSchema, event.read()),
          ...(waiting.has(event.id) && {
            waiting: waiting.get(event.id)?.map(({ subscriber, state }) => ({ for: subscriber, state })),
          }),
        })),
      },
    ]
  },
})

export const forgetOnStreamsJob = 'forget-on-streams'
/** By then a batch that was on its way when the log was emptied has arrived or failed. */
const arrivedAfterMs = 30_000

export const eraserOf = (ctx: Pick<Ctx, 'clock' | 'jobs'>, hasBridge: boolean): Eraser => ({
  tables: [...tables, 'events.applied'],
  async erase(tx, personId) {
    changed(tx, tailTopic, personId)
    const rows = await eraseEvents(tx, personId)
    if (!hasBridge) return { rows }
    const startAfter = new Date(ctx.clock.now().getTime() + arrivedAfterMs)
    await ctx.jobs.enqueue(tx, forgetOnStreamsJob, { personId }, { startAfter })
    return { rows, note: 'Copies on the event stream, ids and numbers, are overwritten within minutes.' }
  },
})
