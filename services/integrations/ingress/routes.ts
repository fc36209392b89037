import { Problem, problems } from '@oo/kernel'
import { type Handlers, personOf } from '@oo/shared-types/handlers'
import type { IntegrationsCtx } from '../context.ts'
import { receiveSignals } from './receiveSignals.ts'
import { createIngress, deleteIngress, listIngress, listIngressDeliveries, rotateIngress } from './sources.ts'

export type IngressOperations =
  | 'receiveSignals'
  | 'listIngress'
  | 'createIngress'
  | 'rotateIngress'
  | 'deleteIngress'
  | 'listIngressDeliveries'

export const ingressRoutes = (ctx: IntegrationsCtx): Handlers<IngressOperations> => ({
  async receiveSignals(request) {
    const { signed, params } = request
    if (!signed) throw new Problem(problems.notFound)
    const input = { source: params.source, signed, signals: () => request.body.signals }
    return { status: 200, body: await receiveSignals(ctx, input) }
  },

  async listIngress(request) {
    return { status: 200, body: { sources: await listIngress(ctx, personOf(request)) } }
  },

  async createIngress(request) {
    const body = await createIngress(ctx, { personId: personOf(request), ...request.body })
    return { status: 201, body }
  },

  async rotateIngress(request) {
    const asked = { personId: personOf(request), id: request.params.source }
    return { status: 200, body: await rotateIngress(ctx, asked) }
  },

  async deleteIngress(request) {
    await deleteIngress(ctx, { personId: personOf(request), id: request.params.source })
    return { status: 204 }
  },

  async listIngressDeliveries(request) {
    const asked = { personId: personOf(request), id: request.params.source }
    return { status: 200, body: { deliveries: await listIngressDeliveries(ctx, asked) } }
  },
})
