import { type Handlers, personOf } from '@oo/shared-types/handlers'
import type { RecommenderCtx } from './context.ts'
import { explainTip } from './explainTip.ts'
import { insights } from './insights.ts'
import { listReactions } from './listReactions.ts'
import { react } from './react.ts'
import { recommend } from './recommend.ts'
import { reportShown } from './reportShown.ts'
import { undo } from './undo.ts'

export type RecommenderHandlers = Handlers<
  'recommend' | 'reportShown' | 'explainTip' | 'getInsights' | 'react' | 'undoReaction' | 'listReactions'
>

export const routes = (ctx: RecommenderCtx): RecommenderHandlers => ({
  recommend: async request => ({ status: 200, body: await recommend(ctx, { personId: personOf(request) }) }),

  reportShown: async request => {
    await reportShown(ctx, { personId: personOf(request), tipId: request.params.id, at: request.body?.at })
    return { status: 204 }
  },

  explainTip: async request => ({
    status: 200,
    body: await explainTip(ctx, { personId: personOf(request), tipId: request.params.id }),
  }),

  getInsights: async request => ({
    status: 200,
    body: await insights(ctx, { personId: personOf(request) }),
  }),

  react: async request => {
    const { tipId, reaction, snoozeUntil, at } = request.body
    return {
      status: 200,
      body: await react(ctx, { personId: personOf(request), tipId, reaction, snoozeUntil, at }),
    }
  },

  undoReaction: async request => {
    await undo(ctx, { personId: personOf(request), reactionId: request.params.id })
    return { status: 204 }
  },

  listReactions: async request => {
    const reactions = await listReactions(ctx, { personId: personOf(request) })
    return { status: 200, body: { reactions } }
  },
})
