import { Problem, transaction } from '@oo/kernel'
import { alreadyBack, decidesAlready, noSuchPolicy, onlyWatches } from '../errors.ts'
import { holdLadder, type PolicyStep, readLatestFindings, readPolicy } from '../store/policies.ts'
import { isIncumbent, readFindings } from './figures.ts'
import type { PolicyState } from './ladder.ts'
import { type LadderCtx, move } from './move.ts'

export interface RollBack {
  policy: string
  by: PolicyStep['by']
  reason?: string
}

const longestReason = 500

/** Down from any rung, at once and without a gate: whoever had it is decided for by the incumbent again. */
export async function rollBack(
  ctx: LadderCtx,
  { policy, by, reason }: RollBack,
): Promise<{ from: PolicyState }> {
  return transaction(ctx.db, async tx => {
    await holdLadder(tx)
    const row = await readPolicy(tx, policy)
    if (!row) {
      const findings = readFindings(await readLatestFindings(tx))
      if (isIncumbent(findings, policy)) throw new Problem(decidesAlready(policy))
      throw new Problem(findings?.policies.has(policy) ? onlyWatches(policy) : noSuchPolicy(policy))
    }
    if (row.state === 'rolled_back') throw new Problem(alreadyBack(policy))
    const reasons = [reason?.trim().slice(0, longestReason) || 'The operator wanted it.']
    await move(ctx, tx, { row, to: 'rolled_back', by, override: null, version: '', reasons, figures: {} })
    return { from: row.state }
  })
}
