import { randomUUID } from 'node:crypto'
import { Problem, transaction } from '@oo/kernel'
import {
  anotherOnTrial,
  atTheTop,
  decidesAlready,
  gateClosed,
  mustFall,
  noSuchPolicy,
  reasonTooShort,
} from '../errors.ts'
import {
  holdLadder,
  type PolicyRow,
  type PolicyStep,
  readDeciding,
  readLatestFindings,
  readPolicy,
} from '../store/policies.ts'
import { type Findings, isIncumbent, readFindings } from './figures.ts'
import { readLab } from './labReport.ts'
import { above, type PolicyState, shareOf } from './ladder.ts'
import { type LadderCtx, move } from './move.ts'
import { nextStep } from './nextStep.ts'

export interface Promotion {
  policy: string
  by: PolicyStep['by']
  /** Opens a gate that the figures have not; kept with the step. */
  override?: string
  /** The lab's report, as its file holds it. */
  labReport?: unknown
}

export interface Promoted {
  policy: string
  from: PolicyState
  to: PolicyState
  reasons: string[]
}

const shortestReason = 10
const longestReason = 500
const policyName = /^[a-z0-9_]{1,40}$/

/** One rung up, if its gate is open or a reason is given. */
export async function promote(
  ctx: LadderCtx,
  { policy, by, override, labReport }: Promotion,
): Promise<Promoted> {
  if (!policyName.test(policy)) throw new Problem(noSuchPolicy(policy))
  const reason = override?.trim() ?? null
  if (reason !== null && (reason.length < shortestReason || reason.length > longestReason))
    throw new Problem(reasonTooShort)
  return transaction(ctx.db, async tx => {
    await holdLadder(tx)
    const findings = readFindings(await readLatestFindings(tx))
    const row = (await readPolicy(tx, policy)) ?? newcomer(ctx, policy, findings)
    const to = above[row.state]
    if (to === null) throw new Problem(atTheTop(policy))
    const deciding = await readDeciding(tx)
    const tried = deciding.find(one => one.name !== policy && shareOf(one.state) > 0)
    if (tried && shareOf(to) > 0) throw new Problem(anotherOnTrial(tried.name))
    const figures = findings?.policies.get(policy)
    const incumbent = deciding.find(({ state }) => state === 'launched')?.name ?? figures?.incumbent ?? ''
    const lab = readLab(labReport, policy, incumbent)
    const { state, since, experiment } = row
    const found = nextStep({ policy, state, since, experiment, now: ctx.clock.now(), findings, lab })
    if (found.step === 'roll_back') throw new Problem(mustFall(policy, found.reasons))
    if (found.step === 'stay' && reason === null) throw new Problem(gateClosed(policy, to, found.reasons))
    await move(ctx, tx, {
      ...{ row, to, by, override: found.step === 'stay' ? reason : null },
      version: figures?.version ?? '',
      reasons: found.reasons,
      figures: {
        judgedAt: findings?.at.toISOString() ?? null,
        ...figures,
        lab: state === 'shadow' ? lab : null,
      },
    })
    return { policy, from: state, to, reasons: found.reasons }
  })
}

/** Everything that ml watches with is a shadow; its row comes with its first step. */
function newcomer({ clock }: LadderCtx, policy: string, findings: Findings | null): PolicyRow {
  if (isIncumbent(findings, policy)) throw new Problem(decidesAlready(policy))
  if (!findings?.policies.has(policy)) throw new Problem(noSuchPolicy(policy))
  return { name: policy, state: 'shadow', since: clock.now(), experiment: randomUUID(), tookOverFrom: null }
}
