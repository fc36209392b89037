// What oO could show a person now: each source in order, and for everything left out the reason why.
import type { OpenTask } from '@oo/integrations'
import type { SilenceReason } from '@oo/shared-types'
import type { RecommenderCtx } from './context.ts'
import type { Candidate, Candidates } from './decided.ts'
import { type ItemRow, itemsOf } from './store/items.ts'
import type { Ineligible } from './tables.ts'

/** More than this is never scored; the rule below keeps the most pressing. */
const most = 64
/** How long cold memory may wait for the provider. */
const coldWaitMs = 800

export async function gatherCandidates(ctx: RecommenderCtx, personId: string): Promise<Candidates> {
  const [open, { value: items }] = await Promise.all([
    ctx.integrations.openTasks(personId, { waitMs: coldWaitMs }),
    ctx.items.look(personId, () => itemsOf(ctx.db, personId)),
  ])
  const now = ctx.clock.now()
  const eligible: Candidate[] = []
  const ineligible: Ineligible[] = []
  let wakesAt: Date | null = null

  for (const task of [...open.tasks].sort(morePressingFirst)) {
    const id = `${task.source}:${task.externalId}`
    const item = items.get(id)
    const reason = restingReason(item, now) ?? (task.text === '' ? 'no_text' : null)
    if (reason) ineligible.push({ id, reason })
    else if (eligible.length >= most) ineligible.push({ id, reason: 'less_pressing' })
    else
      eligible.push({
        id,
        kind: 'todo',
        task,
        timesShown: item?.timesShown ?? 0,
        lastShownAt: item?.lastShownAt ?? null,
      })
    if (reason && item?.restUntil && (!wakesAt || item.restUntil < wakesAt)) wakesAt = item.restUntil
  }
  return {
    eligible,
    ineligible,
    wakesAt,
    silence: eligible.length > 0 ? null : whySilent(open.state, ineligible),
  }
}

function restingReason(item: ItemRow | undefined, now: Date): string | null {
  if (!item?.restUntil || item.restUntil <= now) return null
  return item.restReason ?? 'resting'
}

function whySilent(state: string, ineligible: Ineligible[]): SilenceReason {
  if (state === 'none') return 'nothing_connected'
  if (ineligible.length > 0) return 'all_resting'
  return state === 'connected' ? 'nothing_open' : 'source_away'
}

const dueAt = ({ attributes: { due } }: OpenTask): string => due?.time ?? due?.date ?? '9999'

function morePressingFirst(a: OpenTask, b: OpenTask): number {
  return dueAt(a).localeCompare(dueAt(b)) || b.attributes.priority - a.attributes.priority
}
