// What oO could show a person now: each source in order, and for everything left out the reason why.
import { seededRandom } from '@oo/kernel'
import type { Wishes } from '@oo/profile'
import type { SilenceReason } from '@oo/shared-types'
import { countToday } from './ceiling.ts'
import type { RecommenderCtx } from './context.ts'
import type { Candidate, Candidates } from './decided.ts'
import { openEligibility } from './eligibility.ts'
import { openLeftOut } from './leftOut.ts'
import { refusals } from './refused.ts'
import { rememberedOf } from './remembered.ts'
import { countShows } from './shows.ts'
import type { Moment } from './sources/source.ts'
import { sources } from './sources/sources.ts'

/** How long cold memory may wait for the provider. */
const coldWaitMs = 800

interface Asking {
  decisionId: string
  personId: string
  wishes: Wishes
  /** A source was away a moment ago as well: no longer a reason to wait with what else there is. */
  waited: boolean
}

export async function gatherCandidates(ctx: RecommenderCtx, asking: Asking): Promise<Candidates> {
  const { personId, wishes } = asking
  const [open, context, { value: remembered }] = await Promise.all([
    ctx.integrations.openTasks(personId, { waitMs: coldWaitMs }),
    ctx.integrations.contextOf(personId, wishes.consents),
    ctx.items.look(personId, () => rememberedOf(ctx, personId)),
  ])
  const now = ctx.clock.now()
  const shows = countShows(remembered.items.values(), now)
  const found = { context, eligible: [], ineligible: [], dosage: shows.dosage, wakesAt: null }
  if (open.state === 'away' && open.tasks.length === 0 && !asking.waited)
    return { ...found, isUnread: false, silence: 'source_away' }

  const timeZone = wishes.timeZone ?? 'UTC'
  const moment: Moment = { now, timeZone, open, freeMin: context.freeMin }
  const refusal = await refusals(ctx, personId, { refused: remembered.refused, now })
  const chance = chanceOf(asking.decisionId)
  const leftOut = openLeftOut()
  const today = countToday(remembered.items.values(), { now, timeZone })
  const eligibility = openEligibility(ctx, { items: remembered.items, refusal, shows, today, now, leftOut })
  const taken: Candidate[] = []
  for (const source of sources) {
    if (source.consent && !wishes.consents.has(source.consent)) {
      leftOut.name(source.name, 'no_consent')
      continue
    }
    const { candidates, unfit } = await source.gather(ctx, personId, moment)
    leftOut.count(source.name, 'unfit', unfit)
    const awake = candidates.filter(eligibility.isAwake)
    taken.push(...eligibility.take(source, source.order(awake, chance), taken))
  }
  const eligible = eligibility.withinShare(taken)
  return {
    context,
    eligible,
    ineligible: leftOut.all(),
    dosage: shows.dosage,
    isUnread: open.state === 'none' || open.state === 'reconnect',
    silence: eligible.length > 0 ? null : whySilent(open.state, eligibility.isAnyResting()),
    wakesAt: eligibility.wakesAt(),
  }
}

/** The same decision draws the same: its id ends in chance enough. */
const chanceOf = (decisionId: string): (() => number) =>
  seededRandom(Number.parseInt(decisionId.slice(-8), 16)).next

function whySilent(state: string, isAnyResting: boolean): SilenceReason {
  if (state === 'none') return 'nothing_connected'
  if (isAnyResting) return 'all_resting'
  return state === 'connected' ? 'nothing_open' : 'source_away'
}
