// The one shape of whatever is told of a moment, and what there is to tell.
import { Problem } from '@oo/kernel'
import type { Purpose } from '@oo/shared-types'
import { errors } from '../errors.ts'

const minutesMs = 60_000
const hoursMs = 3_600_000

interface TypeOfSignal {
  /** For who sends it. */
  is: string
  /** The consent it rests on. */
  purpose: Purpose
  /** A place has an id instead of a number. */
  range: readonly [least: number, most: number] | null
  /** As young as this it is believed in full. */
  targetAgeMs: number
  /** From here on it says nothing any more. */
  longestAgeMs: number
}

export const signalTypes = {
  mood: {
    is: 'how the person feels, a number from -1 (low) to 1',
    purpose: 'mood',
    range: [-1, 1],
    targetAgeMs: 4 * hoursMs,
    longestAgeMs: 12 * hoursMs,
  },
  sleep: {
    is: 'the last night, a number from 0 (bad) to 1 (as good as it gets)',
    purpose: 'sleep',
    range: [0, 1],
    targetAgeMs: 16 * hoursMs,
    longestAgeMs: 24 * hoursMs,
  },
  busy: {
    is: 'whether there is an appointment now, true or false',
    purpose: 'calendar',
    range: [0, 1],
    targetAgeMs: 15 * minutesMs,
    longestAgeMs: 60 * minutesMs,
  },
  place: {
    is: 'where the person is, the id (a UUID) of a place',
    purpose: 'presence',
    range: null,
    targetAgeMs: 15 * minutesMs,
    longestAgeMs: 120 * minutesMs,
  },
  visible: {
    is: 'whether the page of oO is in front of the person, true or false',
    purpose: 'presence',
    range: [0, 1],
    targetAgeMs: minutesMs,
    longestAgeMs: 5 * minutesMs,
  },
  idle: {
    is: 'for how many seconds the device was not touched, from 0 to 86400',
    purpose: 'presence',
    range: [0, 86_400],
    targetAgeMs: minutesMs,
    longestAgeMs: 5 * minutesMs,
  },
} as const satisfies Record<string, TypeOfSignal>

export type SignalType = keyof typeof signalTypes

const isType = (type: string): type is SignalType => Object.hasOwn(signalTypes, type)
export const allSignalTypes: readonly SignalType[] = Object.keys(signalTypes).filter(isType)

/** As somebody tells it; nothing of it is believed yet. `measuredAt` left out is now. */
export interface Told {
  type: string
  value: number | boolean | string
  measuredAt?: Date
}

/** As it is kept: a number, or the id of a place. */
export interface Kept {
  type: SignalType
  source: string
  value: number | null
  placeId: string | null
  measuredAt: Date
  heardAt: Date
}

export interface Signal {
  type: SignalType
  source: string
  purpose: Purpose
  measuredAt: Date
  heardAt: Date
  /** How far it may still be believed: 1 while it is young, 0 when it is stale. */
  trust: number
  value: number | string
}

/** Whole up to the target age, then less by the minute, nothing from the longest age on. */
export function trustOf({ type, measuredAt }: Pick<Kept, 'type' | 'measuredAt'>, now: Date): number {
  const { targetAgeMs, longestAgeMs } = signalTypes[type]
  const left = (longestAgeMs - (now.getTime() - measuredAt.getTime())) / (longestAgeMs - targetAgeMs)
  return Math.min(1, Math.max(0, left))
}

export function signalOf(kept: Kept, now: Date): Signal {
  const { type, source, measuredAt, heardAt } = kept
  const { purpose } = signalTypes[type]
  const value = kept.value ?? kept.placeId ?? 0
  return { type, source, purpose, measuredAt, heardAt, trust: trustOf(kept, now), value }
}

/** Clocks of devices differ; what claims to be from later than that is not true. */
const mostSkewMs = 5 * minutesMs
/** Longer than any signal is kept. */
const oldestMs = 31 * 24 * hoursMs
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Refuses what cannot be, with a sentence that says what would be. */
export function parseTold(told: Told, { source, now }: { source: string; now: Date }): Kept {
  const { type, value, measuredAt = now } = told
  if (!isType(type)) throw new Problem(errors.unknownSignal)
  const ageMs = now.getTime() - measuredAt.getTime()
  // Also what is no moment at all: every comparison with it is false.
  if (!(ageMs >= -mostSkewMs)) throw new Problem(errors.signalFromFuture)
  if (ageMs > oldestMs) throw new Problem(errors.signalTooOld)
  // A clock that is ahead must not outdo what is measured later.
  const at = ageMs < 0 ? now : measuredAt
  return { type, source, ...keptValue(type, value), measuredAt: at, heardAt: now }
}

function keptValue(type: SignalType, value: Told['value']): Pick<Kept, 'value' | 'placeId'> {
  const { range, is }: TypeOfSignal = signalTypes[type]
  const wrong = () => new Problem({ ...errors.signalOutOfRange, title: `“${type}” is ${is}; send that.` })
  if (range === null) {
    if (typeof value !== 'string' || !uuid.test(value)) throw wrong()
    return { value: null, placeId: value.toLowerCase() }
  }
  const isFlag = type === 'visible' || type === 'busy'
  if (typeof value !== (isFlag ? 'boolean' : 'number')) throw wrong()
  const number = Number(value)
  const [least, most] = range
  if (!(number >= least && number <= most)) throw wrong()
  return { value: number, placeId: null }
}
