import type { Tx } from '@oo/kernel'
import type { Envelope } from '@oo/shared-types/events'
import type { StreamedEvent } from '@oo/shared-types/handlers'
import type { Context } from '@opentelemetry/api'
import type { ReplayAnswer } from './replay.ts'
import type { Live, listDeadLetters, ShownEvent } from './show.ts'
import type { Wanted } from './store/replays.ts'

type Payload = Exclude<Envelope['payload'], { case: undefined }>

/** The subject of each payload: the name by which events are filtered, streamed and documented. */
export const subjects = {
  tipServed: 'signals.tip.served',
  tipShown: 'signals.tip.shown',
  tipReacted: 'signals.tip.reacted',
  reactionUndone: 'signals.tip.undone',
  tipWithdrawn: 'signals.tip.withdrawn',
  tipClosed: 'signals.tip.closed',
  tipRewarded: 'signals.tip.rewarded',
  taskCompleted: 'signals.task.completed',
  taskRemoved: 'signals.task.removed',
  taskSynced: 'signals.task.synced',
  calendarSynced: 'signals.calendar.synced',
  contextReported: 'signals.context.reported',
  moodReported: 'signals.mood.reported',
  healthReported: 'signals.health.reported',
  consentChanged: 'profile.consent.changed',
  pauseChanged: 'profile.pause.changed',
  timeZoneChanged: 'profile.timezone.changed',
  accountCreated: 'account.created',
  accountDeleted: 'account.deleted',
  sourceConnected: 'account.source.connected',
  sourceDisconnected: 'account.source.disconnected',
  policyPromoted: 'policy.promoted',
  policyMoved: 'policy.moved',
  policyAlarm: 'policy.alarm',
} satisfies Record<Payload['case'], string>

export type Subject = (typeof subjects)[keyof typeof subjects]

/** What a verb says happened: `{ case: 'tipShown', value: { … } }` of the generated messages. */
export type Happened = {
  [P in Payload as P['case']]: { case: P['case']; value: Omit<P['value'], `$${string}`> }
}[Payload['case']]

export interface Happening {
  personId: string | null
  happened: Happened
  /** What it is a consequence of, where that is not what is being done: a group's members each have their own. */
  within?: Context
}

interface Hearing {
  /** Stable: the place in the log is remembered under this name. */
  name: string
  subjects: readonly Subject[]
  /** Its effect is in this process's memory only, so a process that has the module as a library subscribes too. */
  inMemory?: true
}

/** Its effect and its place in the log are committed together, so each event has its effect once. */
export interface OneByOne extends Hearing {
  handle(tx: Tx, event: Envelope): Promise<void>
}

/** The same for who needs fewer questions for many events than for each of them. */
export interface InBatches extends Hearing {
  /**
   * Takes a bounded batch in the order of the log. When it throws, nothing of it has happened and the events come
   * again in smaller batches, until the one that is to blame comes alone.
   */
  handleAll(tx: Tx, events: readonly Envelope[]): Promise<void>
}

export type Subscriber = OneByOne | InBatches

/** Where a batch lies in the log. */
export interface PartOfLog {
  /** The log is told from its beginning, and these are the first of it. */
  isFirst: boolean
  /** Nothing of the log that the forwarder wants comes after these, and nothing before them waits for another try. */
  isLast: boolean
}

export interface Forwarder {
  /** Stable: the place in the log is remembered under this name. */
  name: string
  subjects: readonly Subject[]
  /**
   * Takes a bounded batch out of the database, in order. Resolving says that all were taken; throwing brings the
   * same events again after a rest, so whoever receives them must know an event by its id.
   */
  deliver(events: readonly Envelope[], signal: AbortSignal, part: PartOfLog): Promise<void>
}

/** What an operator may do with the log. */
export interface EventConsole {
  list(input: { subject?: string; personId?: string; before?: string; limit: number }): Promise<{
    events: ShownEvent[]
    next?: string
  }>
  listDead(input: { before?: string; limit: number }): ReturnType<typeof listDeadLetters>
  replay(input: Wanted & { dryRun: boolean }): Promise<ReplayAnswer>
  /** The log as it grows, from after an event that was seen. */
  watch(input: { after?: string; subject?: string }, signal: AbortSignal): AsyncIterable<StreamedEvent<Live>>
}

/** A day of the log in UTC: from `from`, and before `to`. */
export interface LogDay {
  from: Date
  to: Date
}

export interface Events {
  /** Writes the event in the transaction of the verb; it is delivered after that commits. */
  append(tx: Tx, personId: string | null, happened: Happened): Promise<void>
  /** Several in one statement, in their order. */
  appendAll(tx: Tx, happenings: readonly Happening[]): Promise<void>
  subscribe(subscriber: Subscriber): void
  /** For effects outside the database: at least once, one process at a time. */
  forward(forwarder: Forwarder): void
  /**
   * Called before a day of the log is dropped, for who must keep something of it. Throwing keeps the day; it is
   * called again then, so it must be safe to repeat.
   */
  beforeDrop(prepare: (day: LogDay) => Promise<void>): void
  /** The newest events of the log, as far as this process has read. */
  recent(): readonly Envelope[]
}
