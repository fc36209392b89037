// Hears what is told of a moment: whoever tells it, it goes through here.
import { timestampFromDate } from '@bufbuild/protobuf/wkt'
import type { Happened } from '@oo/events'
import { changed, Problem, type Tx } from '@oo/kernel'
import type { Purpose } from '@oo/shared-types'
import type { IntegrationsCtx } from '../context.ts'
import { errors } from '../errors.ts'
import { type Kept, parseTold, type SignalType, signalTypes, type Told } from './signal.ts'
import { signalsTopic } from './signalsMemory.ts'
import { keepNewest } from './store.ts'

const mostAtOnce = 100

export interface Heard {
  /** New to oO. What is older than what it knows, or the same, changes nothing. */
  kept: SignalType[]
  /** The consents that what was dropped would have needed. */
  without: Purpose[]
}

/**
 * Keeps the newest of each type and source, and tells it, in the caller's transaction. What the person did not agree
 * to is dropped; one that cannot be refuses all of them. `source` names who told it: `page`, a provider, `ingress:…`.
 */
export async function hear(
  ctx: Pick<IntegrationsCtx, 'clock' | 'profiles' | 'events'>,
  tx: Tx,
  personId: string,
  { source, signals }: { source: string; signals: readonly Told[] },
): Promise<Heard> {
  if (signals.length > mostAtOnce) throw new Problem(errors.tooManySignals)
  const now = ctx.clock.now()
  const parsed = newestOfEach(signals.map(told => parseTold(told, { source, now })))
  // Held: one withdrawn meanwhile would find what is kept here before it is there.
  const consents = await ctx.profiles.consentsNow(tx, personId, { hold: true })
  const purposeOf = ({ type }: Kept) => signalTypes[type].purpose
  const agreed = parsed.filter(signal => consents.has(purposeOf(signal)))
  const without = new Set(parsed.map(purposeOf).filter(purpose => !consents.has(purpose)))
  const kept = await keepNewest(tx, personId, agreed)
  if (kept.length > 0) changed(tx, signalsTopic, personId)
  for (const payload of eventsOf(kept, source)) await ctx.events.append(tx, personId, payload)
  return { kept: kept.map(({ type }) => type), without: [...without] }
}

/** One statement may touch a row once; of two of one moment the later told counts. */
function newestOfEach(signals: readonly Kept[]): Kept[] {
  const newest = new Map<SignalType, Kept>()
  for (const signal of signals) {
    const known = newest.get(signal.type)
    if (!known || known.measuredAt <= signal.measuredAt) newest.set(signal.type, signal)
  }
  return [...newest.values()]
}

/** What was told together is one event a family. */
function eventsOf(kept: readonly Kept[], source: string): Happened[] {
  const one = (type: SignalType) => kept.find(signal => signal.type === type)
  const [mood, sleep] = [one('mood'), one('sleep')]
  const presence = kept.filter(({ type }) => type !== 'mood' && type !== 'sleep')
  const [first] = presence
  const said: Happened[] = []
  if (mood) {
    const value = Math.round((mood.value ?? 0) * 2)
    said.push({
      case: 'moodReported',
      value: { mood: value, source, measuredAt: timestampFromDate(mood.measuredAt) },
    })
  }
  if (sleep)
    said.push({
      case: 'healthReported',
      value: { source, measures: 1, day: timestampFromDate(sleep.measuredAt) },
    })
  if (first)
    said.push({
      case: 'contextReported',
      value: {
        visible: one('visible')?.value === 1,
        idleSeconds: Math.round(one('idle')?.value ?? 0),
        placeId: one('place')?.placeId ?? '',
        busy: one('busy')?.value === 1,
        types: presence.map(({ type }) => type),
        source,
        measuredAt: timestampFromDate(first.measuredAt),
      },
    })
  return said
}
