// What the engine may know of a person's moment.
import type { Purpose } from '@oo/shared-types'
import { type BusyNow, busyAt } from '../calendar/busyAt.ts'
import type { IntegrationsCtx } from '../context.ts'
import type { MomentContext } from '../door.ts'
import { type Kept, type Signal, type SignalType, signalOf, signalTypes } from './signal.ts'
import { signalsOf } from './store.ts'

const notKnown: BusyNow = { busy: null, freeMin: null }
export const nothingKnown: MomentContext = { ...notKnown, mood: null, sleep: null }

const told = ['mood', 'sleep', 'busy'] as const satisfies readonly SignalType[]

/** Each only where the person agreed. What grows stale moves to what ml makes of the unknown, and then is left out. */
export async function momentContext(
  ctx: IntegrationsCtx,
  personId: string,
  consents: ReadonlySet<Purpose>,
): Promise<MomentContext> {
  // Nobody who agreed to nothing is looked up.
  if (!told.some(type => consents.has(signalTypes[type].purpose))) return nothingKnown
  const now = ctx.clock.now()
  const [{ value: signals }, calendar] = await Promise.all([
    ctx.signals.look(personId, () => signalsOf(ctx.db, personId)),
    consents.has('calendar') ? busyAt(ctx, personId, now) : notKnown,
  ])
  if (signals.length === 0) return { ...nothingKnown, ...calendar }
  const newest = (type: SignalType) =>
    consents.has(signalTypes[type].purpose) ? newestOf(signals, type, now) : undefined
  const [mood, sleep, busy] = told.map(newest)
  return {
    mood: towards(0, mood),
    sleep: towards(1, sleep),
    // A yes or no has no half: it is known as long as it is believed in full.
    ...(busy?.trust === 1 ? overruled(calendar, busy.value === 1) : calendar),
  }
}

/** Who says so knows more than the calendar: how long it lasts is then known only where both agree. */
const overruled = (calendar: BusyNow, busy: boolean): BusyNow => ({
  busy,
  freeMin: busy ? 0 : calendar.busy ? null : calendar.freeMin,
})

/** By trust between what was told and what is neutral; null where nothing is told any more. */
const towards = (neutral: number, signal: Signal | undefined): number | null =>
  signal && signal.trust > 0 ? neutral + (Number(signal.value) - neutral) * signal.trust : null

/** Several sources may tell of one thing: the last to measure it is right. */
function newestOf(signals: readonly Kept[], type: SignalType, now: Date): Signal | undefined {
  const [newest] = signals
    .filter(signal => signal.type === type)
    .sort((a, b) => b.measuredAt.getTime() - a.measuredAt.getTime())
  return newest && signalOf(newest, now)
}
