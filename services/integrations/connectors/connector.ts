// What any provider implements. Everything else in this module is the same for all of them.
import type { Signed } from '@oo/shared-types/handlers'
import type { OpenTask } from '../door.ts'

/** What a person reads before they connect. */
export interface ConnectorAbout {
  id: string
  name: string
  reads: string
  stores: string
}

/** A grant as the provider gave it; lives in memory while it is used and sealed in the vault otherwise. */
export interface Tokens {
  access: string
  refresh: string | null
  expiresAt: Date | null
  /** The person's id at the provider. */
  account: string
}

export interface Connector extends ConnectorAbout {
  /** How a grant comes about. */
  entry: Delegated | Typed
  /** Spends the refresh token; the answer must be stored before it is used. */
  refresh(tokens: Tokens, signal: AbortSignal): Promise<Tokens>
  /** Ends the grant; one that has ended already is a success. */
  revoke(tokens: Tokens, signal: AbortSignal): Promise<void>
  /** A delivery that the provider proves to be its own; null when it does not. Absent where it sends none. */
  readWebhook?(signed: Signed): Delivery | null
  /** The provider is known to be away: calls fail at once. */
  isAway(): boolean
  /** Absent where a provider has no tasks. */
  tasks?: TaskApp
  /** Absent where a provider has no calendar. */
  calendar?: CalendarApp
  /**
   * Handing `before` back ends `after` too, as where a provider ends all that an account gave at once. Absent: only the
   * very same token is ended.
   */
  endsWith?(before: Tokens, after: Tokens): boolean
}

/** The provider asks the person, who comes back with a code. */
export interface Delegated {
  by: 'provider'
  scopes: readonly string[]
  /** `challenge`: the S256 challenge of PKCE, for a provider that knows of it. */
  authorizeUrl(input: { redirectUri: string; state: string; challenge: string }): string
  exchange(back: BackWithCode, signal: AbortSignal): Promise<Tokens>
}

export interface BackWithCode {
  code: string
  /** The one that the person was sent away with. */
  redirectUri: string
  /** Of the challenge that the person was sent away with: only who began has it. */
  verifier: string
}

/** The person types what lets oO in: a provider that asks nobody on its own. */
export interface Typed {
  by: 'form'
  /** Tries the form: FormRefused says what is wrong with it, the trouble `revoked` that user or password are. */
  signIn(form: SignInForm, signal: AbortSignal): Promise<Tokens>
  /** What was typed and may be shown again: never the password. */
  typedIn(tokens: Tokens): Omit<SignInForm, 'password'>
}

export interface SignInForm {
  address: string
  user: string
  /** An app password, where the provider has them. */
  password: string
}

export interface TaskApp {
  /** All that is open. `known` is what the last reading left, passed back as it is, so that only changes are asked for. */
  read(tokens: Tokens, asked: TasksAsked, signal: AbortSignal): Promise<TasksRead>
  /**
   * What opened, closed or moved since `mark`, without words; all that is open where the mark is null or of no use any
   * more. Undefined where it is more than one answer holds; absent where a provider cannot say: then `read` is compared.
   */
  changes?(tokens: Tokens, mark: string | null, signal: AbortSignal): Promise<TaskChanges | undefined>
  /** Completed occurrences of recurring tasks, newest first; undefined where the provider does not tell. */
  occurrences?(tokens: Tokens, since: Date, signal: AbortSignal): Promise<Occurrence[] | undefined>
  /** A page of what was completed in a time that is over; absent where a provider does not tell. */
  past?(tokens: Tokens, asked: PastAsked, signal: AbortSignal): Promise<PastPage>
  /** Of a task that is not among the open ones any more. */
  taskState(tokens: Tokens, externalId: string, signal: AbortSignal): Promise<TaskState>
  complete(tokens: Tokens, act: Act, signal: AbortSignal): Promise<void>
  reopen(tokens: Tokens, act: Act, signal: AbortSignal): Promise<void>
}

export interface TasksAsked {
  timeZone: string | null
  known?: Known | undefined
}

export interface TasksRead {
  tasks: OpenTask[]
  known?: Known | undefined
}

/** Holds words of tasks, so it lives in memory as long as they may; only the connector that left it looks inside. */
export interface Known {
  /** Its size, roughly. */
  bytes: number
}

export interface CalendarApp {
  /** What changed since `since`, or, where that is null or too old, the whole of it. */
  read(tokens: Tokens, asked: CalendarAsked, signal: AbortSignal): Promise<CalendarRead>
  /** Absent where a provider tells nothing by itself, or cannot reach this instance. */
  channels?: Channels
}

/** A provider tells an address of oO's that a calendar changed, for some days; `readWebhook` knows its deliveries. */
export interface Channels {
  /** `id`: a UUID that no channel had before. */
  open(tokens: Tokens, id: string, signal: AbortSignal): Promise<Channel & { expiresAt: Date }>
  /** One that is not there any more is a success. */
  close(tokens: Tokens, channel: Channel, signal: AbortSignal): Promise<void>
}

export interface Channel {
  id: string
  /** The provider's own name for what is watched. */
  resource: string
}

export interface CalendarAsked {
  /** `next` of the reading before, which was asked with the same end. */
  since: string | null
  from: Date
  to: Date
}

export interface CalendarRead {
  changed: BusyTime[]
  /** Ids of what is not busy, or not in the calendar any more. */
  removed: string[]
  /** Where the next reading goes on; null where it has to begin anew. */
  next: string | null
  /** `changed` is all there is: what is not among it is gone. */
  whole: boolean
}

/** When somebody is busy, and nothing else of why. */
export interface BusyTime {
  externalId: string
  startsAt: Date
  endsAt: Date
  /** From day to day, each written as its midnight in UTC: where the person is, is another question. */
  allDay: boolean
}

export interface TaskChanges {
  mark: string
  /** Lists all that is open, and not only what changed. */
  isWhole: boolean
  open: OpenItem[]
  closed: { externalId: string; state: TaskState }[]
}

export interface OpenItem {
  externalId: string
  /** False for what is not this person's to do, such as a heading or a task that others have. */
  isTheirs: boolean
  /** Of a recurring task: the date it waits for, and when it was last changed. */
  next: { due: string; changedAt: Date | null } | null
}

export interface Occurrence {
  externalId: string
  at: Date
}

export interface PastAsked {
  since: Date
  until: Date
  /** Where the last page said that the next one begins. */
  place: string | null
}

export interface PastPage {
  done: PastDone[]
  /** Null: that was all. */
  next: string | null
}

export interface PastDone {
  at: Date
  /** 0 where it is not told. */
  priority: number
  effortMin: number | null
  recurring: boolean
}

/** `gone`: deleted, or not this person's any more. `at`: when it was completed, where the provider says so. */
export type TaskState = { is: 'open' | 'gone' } | { is: 'completed'; at: Date | null }

/** What a webhook is used for: whose account changed, or what is watched. What it says of the change is not believed. */
export interface Delivery {
  id: string | undefined
  account?: string | undefined
  channel?: Channel
  at: Date | undefined
}

/** The same `actId` sent twice has one effect at the provider. */
export interface Act {
  externalId: string
  actId: string
}

/**
 * `revoked`: the grant no longer works. `gone`: the item no longer exists. `garbage`: not what was agreed.
 * `unticked`: the person came back without having allowed what the source cannot do without.
 */
export type TroubleKind = 'revoked' | 'away' | 'quota' | 'garbage' | 'gone' | 'unticked'

/** Carries no answer of the provider and no token, so it may be logged. */
export class ConnectorTrouble extends Error {
  readonly kind: TroubleKind
  readonly retryAfterSeconds: number | undefined

  constructor(kind: TroubleKind, detail: string, retryAfterSeconds?: number) {
    super(`${kind}: ${detail}`)
    this.name = 'ConnectorTrouble'
    this.kind = kind
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** What was typed leads nowhere oO may go; `sentence` says so to the person who typed it. */
export class FormRefused extends ConnectorTrouble {
  readonly sentence: string

  constructor(detail: string, sentence: string) {
    super('garbage', detail)
    this.sentence = sentence
  }
}

export const isTrouble = (error: unknown, kind: TroubleKind): boolean =>
  error instanceof ConnectorTrouble && error.kind === kind
