import { type Module, openGroupWriter } from '@oo/kernel'
import { purposes } from '@oo/profile'
import { silence } from '@oo/shared-types/rewards'
import type { RecommenderCtx } from './context.ts'
import { decidePush } from './decidePush.ts'
import type { Recommender } from './door.ts'
import { type Memories, openMemories } from './memories.ts'
import { type MlSettings, openMl } from './ml.ts'
import { judgeHealth, measureAlarms } from './policies/alarms.ts'
import { listPolicies } from './policies/list.ts'
import { promote } from './policies/promote.ts'
import { rollBack } from './policies/rollBack.ts'
import { startWatching } from './policies/watch.ts'
import { pooling } from './pooling.ts'
import { eraser, exporter } from './privacy.ts'
import { reacting } from './reactTogether.ts'
import { recording } from './recordTogether.ts'
import { rewarding } from './rewards/rewarding.ts'
import { teaching } from './rewards/teaching.ts'
import { type RecommenderHandlers, routes } from './routes.ts'
import { settleJob } from './settle.ts'
import { askPooling } from './store/learned.ts'
import { startSweeping } from './sweep.ts'
import * as tables from './tables.ts'
import { finishing, withdrawing } from './withdraw.ts'

export type * from './door.ts'
export { type MlSettings, openMl }

export function createRecommender(
  base: Omit<RecommenderCtx, 'ml' | 'mostOfAKind' | 'reactions' | 'decisions' | keyof Memories>,
  settings: { ml: MlSettings; defaultReward?: number; mostOfAKind?: number },
): { door: Recommender; module: Module<RecommenderHandlers> } {
  const memories = openMemories(base)
  const ctx: RecommenderCtx = {
    ...base,
    ...memories,
    ml: openMl(settings.ml, base),
    mostOfAKind: settings.mostOfAKind ?? 0.75,
    decisions: openGroupWriter(base.db, recording(base)),
    reactions: openGroupWriter(base.db, reacting({ ...base, ...memories })),
  }
  ctx.events.subscribe(withdrawing(ctx))
  ctx.events.subscribe(finishing(ctx))
  const { defaultReward = silence.value } = settings
  ctx.events.subscribe(rewarding({ ...ctx, defaultReward: { ...silence, value: defaultReward } }))
  ctx.events.subscribe(pooling)
  ctx.events.forward(teaching(ctx))
  const watching = { ...ctx, began: ctx.clock.now() }
  let stopMeasuring = () => {}
  let stopSweeping = () => {}
  let stopWatching = () => {}
  return {
    door: {
      decidePush: asked => decidePush(ctx, asked),
      policies: () => listPolicies(ctx),
      promote: wanted => promote(ctx, wanted),
      rollBack: wanted => rollBack(ctx, wanted),
    },
    module: {
      name: 'recommender',
      tables: Object.values(tables),
      handlers: routes(ctx),
      jobs: [settleJob(ctx)],
      health: [{ name: 'ml', check: signal => ctx.ml.health(signal) }, judgeHealth(watching)],
      exporter: exporter(ctx),
      eraser,
      async start() {
        await askPooling(ctx.db, purposes.pooling.version)
        stopSweeping = startSweeping(ctx)
        stopWatching = startWatching(watching)
        stopMeasuring = measureAlarms(watching)
      },
      async stop() {
        stopSweeping()
        stopWatching()
        stopMeasuring()
        await Promise.all([ctx.decisions.stop(), ctx.reactions.stop()])
        await ctx.ml.close()
      },
    },
  }
}
