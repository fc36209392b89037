import type { Newcomer } from '@oo/auth'
import type { Tx } from '@oo/kernel'
import type { Purpose } from '@oo/shared-types'

/** `until` null means until the person resumes. */
export interface Pause {
  since: Date
  until: Date | null
}

/** What the engine needs to know of a person's wishes: one read, kept in memory, dropped when it changes. */
export interface Wishes {
  timeZone: string | null
  /** Null when oO is awake. */
  pause: Pause | null
  consents: ReadonlySet<Purpose>
}

export interface Profiles {
  /** Called in the transaction that creates a person: card, defaults, consent to the terms just shown. */
  welcome(tx: Tx, newcomer: Newcomer): Promise<void>
  /** Everything every module holds about a person, as one zip. */
  export(personId: string): Promise<Buffer>
  wishes(personId: string): Promise<Wishes>
  /**
   * What they agreed to as the database has it, past every memory: for who is about to write what rests on a consent.
   * `hold`: and none is withdrawn before the transaction has ended.
   */
  consentsNow(tx: Tx, personId: string, options?: { hold?: boolean }): Promise<ReadonlySet<Purpose>>
  /** The pauses of these people that were not over by then, those that are over by now among them. */
  pausesSince(personIds: readonly string[], then: Date): Promise<Map<string, Pause[]>>
  /** Records consent to the current text of a purpose, for example when a person connects a source. */
  agree(tx: Tx, personId: string, purpose: Purpose): Promise<void>
}
