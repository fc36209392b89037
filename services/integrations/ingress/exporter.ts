import type { ExportFile } from '@oo/kernel'
import type { IntegrationsCtx } from '../context.ts'
import { outcomeOf } from './outcome.ts'
import { insideOf } from './secrets.ts'
import { deliveriesOf, sourcesOf } from './store.ts'

const text = { type: 'string' }
const moment = { type: 'string', format: 'date-time' }
const count = { type: 'integer' }

export async function exportIngress(ctx: IntegrationsCtx, personId: string): Promise<ExportFile[]> {
  const [sources, deliveries] = await Promise.all([
    sourcesOf(ctx.db, personId),
    deliveriesOf(ctx.db, personId),
  ])
  return [
    {
      name: 'ingress',
      about: 'The sources of your own that may tell oO signals. Their secrets stay sealed in the vault.',
      schema: {
        type: 'object',
        required: ['id', 'name', 'types', 'createdAt', 'lastDeliveryAt', 'deliveries', 'signals'],
        properties: {
          id: text,
          name: { ...text, type: ['string', 'null'], description: 'Null where oO has lost the key to it.' },
          types: { type: 'array', items: text },
          createdAt: moment,
          lastDeliveryAt: { ...moment, type: ['string', 'null'] },
          deliveries: count,
          signals: count,
        },
      },
      rows: sources.map(source => ({
        id: source.id,
        name: insideOf(ctx, source)?.name ?? null,
        types: source.types,
        createdAt: source.createdAt.toISOString(),
        lastDeliveryAt: source.lastDeliveryAt?.toISOString() ?? null,
        deliveries: source.deliveries,
        signals: source.signals,
      })),
    },
    {
      name: 'ingress-deliveries',
      about:
        'What became of what your sources sent: at least the last 20 of each. What they said is not kept here.',
      schema: {
        type: 'object',
        required: ['source', 'id', 'at', 'accepted', 'refused', 'problem'],
        properties: {
          source: text,
          id: text,
          at: moment,
          accepted: count,
          refused: { type: 'array', items: { type: 'object', properties: { type: text, because: text } } },
          problem: { type: ['string', 'null'] },
        },
      },
      rows: deliveries.map(delivery => ({
        source: delivery.sourceId,
        id: delivery.id,
        at: delivery.receivedAt.toISOString(),
        ...outcomeOf(delivery),
        problem: delivery.problem,
      })),
    },
  ]
}
