import type { Purpose, Signal } from '@oo/shared-types'

/** An open task as the engine may see it: text in memory only, attributes as ml's /score takes them. */
export interface OpenTask {
  /** The connector's id, for example `todoist`. */
  source: string
  externalId: string
  text: string
  url: string | null
  attributes: TaskAttributes
  /** Not before. */
  start?: TaskAttributes['due']
}

export interface TaskAttributes {
  /** 1 to 4; 4 is most urgent. */
  priority: number
  /** `date` in the person's own calendar; `time` an instant when the task has one. */
  due: { date: string; time: string | null } | null
  createdAt: string | null
  effortMin: number | null
  recurring: boolean
}

export type SourceState = 'none' | 'connected' | 'away' | 'reconnect'

export interface OpenTasks {
  /** `away`: connected but not answering, `tasks` are then the last ones still in memory (often none). */
  state: SourceState
  tasks: readonly OpenTask[]
}

/** What the engine may know of a moment, as ml's /score takes it; null is unknown. */
export interface MomentContext {
  /** There is an appointment now. */
  busy: boolean | null
  /** Minutes until the next one. */
  freeMin: number | null
  /** From -1, low, to 1. */
  mood: number | null
  /** The last night, from 0 to 1, as good as it gets. */
  sleep: number | null
}

/** How fresh something is, over everyone of whom it is known; once there are many, of a sample. */
export interface Freshness {
  /** The type of a signal, or what was read in connected apps: `tasks`, `calendars`. */
  type: string
  /** Who tells it. */
  kind: 'page' | 'app' | 'ingress'
  people: number
  /** The share of them whose newest is no older than its target. */
  within: number
  medianAgeMs: number
  oldestAgeMs: number
  targetAgeMs: number
}

/** A time that a calendar says is taken. Whole days are the days where the person is. */
export interface BusyTimes {
  startsAt: Date
  endsAt: Date
  allDay: boolean
}

export interface PastOfSource {
  /** As a person knows it, for example Todoist. */
  name: string
  /** There was more that could not be read, or is still to be read. */
  isPartial: boolean
  /** By the person's clock; weekday 1 is Monday. */
  done: readonly { weekday: number; hour: number; times: number }[]
}

export interface Integrations {
  /** What was told of a person's moment, as they see it themselves. */
  signals(personId: string): Promise<Signal[]>
  /** For the console; /metrics has the same. */
  freshness(): Promise<Freshness[]>
  /** Of what these consents allow, from memory: one read a person until a signal changes, none without a consent. */
  contextOf(personId: string, consents: ReadonlySet<Purpose>): Promise<MomentContext>
  /**
   * Open tasks of every connected source, from memory where they are at hand (fresh 30 s, then stale while they
   * are refreshed, dropped after 10 idle minutes). On cold memory it waits for the provider at most `waitMs`.
   */
  openTasks(personId: string, options: { waitMs: number }): Promise<OpenTasks>
  /** From memory only: an item that is still at hand, also for a while after it was completed from here. */
  itemOf(personId: string, source: string, externalId: string): OpenTask | undefined
  /**
   * From memory: is the item still open? `unknown` when nothing about the source is at hand. Where memory is no
   * longer fresh it is refreshed meanwhile, so that the next look knows.
   */
  stateOf(personId: string, source: string, externalId: string): 'open' | 'gone' | 'unknown'
  /**
   * When things were done before oO came, in the apps that are connected: context for what a person is told. Nobody
   * chose these moments at random, so nothing may be learned from them.
   */
  past(personId: string): Promise<PastOfSource[]>
  /**
   * At the provider, with a deadline. Completing what is completed, or what is gone, succeeds. `key` names the act
   * (a reaction's id): a retry with the same key has its effect once, which matters for recurring tasks.
   * Throws a Problem: `source_away` (503, retryAfterSeconds: try again) · `source_reconnect`, `source_not_connected`
   * (409: a retry is useless until the person connects again).
   */
  complete(
    personId: string,
    source: string,
    externalId: string,
    signal: AbortSignal,
    key?: string,
  ): Promise<void>
  reopen(
    personId: string,
    source: string,
    externalId: string,
    signal: AbortSignal,
    key?: string,
  ): Promise<void>
  /** From memory or one read: the taken times around now, by their beginning; null where nobody knows. */
  busyTimesOf(personId: string, now: Date): Promise<readonly BusyTimes[] | null>
}
