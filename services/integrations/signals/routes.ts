import { type Handlers, personOf } from '@oo/shared-types/handlers'
import type { IntegrationsCtx } from '../context.ts'
import { takeBackMood, tell } from './tell.ts'

export type SignalOperations = 'tellContext' | 'noteMood' | 'takeBackMood'

export const signalRoutes = (ctx: IntegrationsCtx): Handlers<SignalOperations> => ({
  async tellContext(request) {
    const { visible, idleSeconds, placeId } = request.body
    const signals = [
      { type: 'visible', value: visible },
      { type: 'idle', value: idleSeconds },
      ...(placeId === undefined ? [] : [{ type: 'place', value: placeId }]),
    ]
    await tell(ctx, { personId: personOf(request), signals })
    return { status: 204 }
  },

  async noteMood(request) {
    const signals = [{ type: 'mood', value: request.body.mood / 2 }]
    await tell(ctx, { personId: personOf(request), signals })
    return { status: 204 }
  },

  async takeBackMood(request) {
    await takeBackMood(ctx, personOf(request))
    return { status: 204 }
  },
})
