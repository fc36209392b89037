// One step of one policy, with everything that hangs on it, in one transaction: who is launched, the step with its
// figures, the events. Whoever decides hears of it at once.
import { randomUUID } from 'node:crypto'
import { changed, newId, type Tx } from '@oo/kernel'
import type { RecommenderCtx } from '../context.ts'
import { policiesTopic } from '../memories.ts'
import {
  type PolicyRow,
  type PolicyStep,
  placePolicy,
  readDeciding,
  readPolicy,
  writeStep,
} from '../store/policies.ts'
import type { PolicyState } from './ladder.ts'
import { theLadder } from './whoDecides.ts'

export type LadderCtx = Pick<RecommenderCtx, 'db' | 'clock' | 'random' | 'events' | 'log' | 'deciding'>

export interface Move {
  row: PolicyRow
  to: PolicyState
  by: PolicyStep['by']
  override: string | null
  version: string
  reasons: string[]
  figures: Record<string, unknown>
}

export async function move(ctx: LadderCtx, tx: Tx, wanted: Move): Promise<void> {
  const { row, to } = wanted
  const launched = (await readDeciding(tx)).find(({ state }) => state === 'launched') ?? null
  if (to === 'launched' && launched)
    await place(ctx, tx, {
      ...aside(wanted, `${row.name} was launched in its place.`),
      row: launched,
      to: 'shadow',
    })
  await place(ctx, tx, wanted, launched?.name)
  if (row.state === 'launched' && row.tookOverFrom) {
    const former = await readPolicy(tx, row.tookOverFrom)
    // One that was rolled back meanwhile does not come back: ml's own incumbent decides.
    if (former && former.state !== 'rolled_back') {
      const back = aside(wanted, `${row.name}, which had taken its place, was rolled back.`)
      await place(ctx, tx, { ...back, row: former, to: 'launched' }, former.tookOverFrom ?? undefined)
    }
  }
  const decider = (await readDeciding(tx)).find(({ state }) => state === 'launched') ?? null
  if (decider?.name !== launched?.name) await tellPromoted(ctx, tx, decider, launched, wanted)
  changed(tx, policiesTopic, theLadder)
}

const aside = (wanted: Move, reason: string): Omit<Move, 'row' | 'to'> => ({
  by: wanted.by,
  override: null,
  version: '',
  reasons: [reason],
  figures: {},
})

async function place(ctx: LadderCtx, tx: Tx, moved: Move, from?: string): Promise<void> {
  const { row, to, by, override, version, reasons, figures } = moved
  const at = ctx.clock.now()
  // A new climb has people of its own; the same climb keeps them from rung to rung.
  const experiment = row.state === 'rolled_back' || row.state === 'launched' ? randomUUID() : row.experiment
  const tookOverFrom = to === 'launched' ? (from ?? null) : row.tookOverFrom
  await placePolicy(tx, { name: row.name, state: to, since: at, experiment, tookOverFrom })
  const step = { policy: row.name, version, fromState: row.state, toState: to }
  await writeStep(tx, { ...step, id: newId(ctx), at, by, override, reasons, figures })
  await ctx.events.append(tx, null, {
    case: 'policyMoved',
    value: { ...step, overridden: override !== null },
  })
}

async function tellPromoted(
  ctx: LadderCtx,
  tx: Tx,
  now: PolicyRow | null,
  before: PolicyRow | null,
  { row, version }: Move,
): Promise<void> {
  await ctx.events.append(tx, null, {
    case: 'policyPromoted',
    value: {
      // Empty: the one that ml's own setting names.
      policy: now?.name ?? '',
      version: now?.name === row.name ? version : '',
      fromPolicy: before?.name ?? '',
      fromVersion: before?.name === row.name ? version : '',
    },
  })
}
