import type { Events } from '@oo/events'
import type { Buckets, Ctx, Keyring } from '@oo/kernel'
import type { Profiles } from '@oo/profile'
import type { CalendarMemory } from './calendar/memory.ts'
import type { Connector, ConnectorAbout } from './connectors/connector.ts'
import type { Flights } from './flights.ts'
import type { Decoy } from './ingress/secrets.ts'
import type { Memory } from './memory.ts'
import type { Refreshes } from './refreshes.ts'
import type { SignalsMemory } from './signals/signalsMemory.ts'
import type { Vault } from './vault.ts'

/** What the composition root gives. */
export interface GivenCtx extends Ctx {
  events: Events
  profiles: Profiles
}

export interface IntegrationsSettings {
  /** `OO_SECRET`: seals the state of a connection that is under way. */
  secret: string
  /** Master keys of the vault. */
  keyring: Keyring
  /** How often a source is looked at even when no webhook asks for it. Default: 10 minutes. */
  lookEveryMs?: number
  /** Absent: this instance has no credentials for Todoist. */
  todoist?: { clientId: string; clientSecret: string; baseUrl?: string }
  /** Hosts with port that CalDAV may reach in a private network. Default: none. */
  caldavInnerHosts?: readonly string[]
  /** The same for Google Calendar; `lookEveryMs` is its own. */
  googleCalendar?: {
    clientId: string
    clientSecret: string
    baseUrl?: string
    lookEveryMs?: number
    /** The address of this instance by which Google reaches it. Absent: it cannot, and tells nothing by itself. */
    reachedAt?: string
  }
}

/** A provider oO knows; without credentials there is no connector. */
export interface Source {
  about: ConnectorAbout
  connector: Connector | undefined
  /** Where it is not the usual time. */
  lookEveryMs?: number | undefined
}

/** What the verbs of this module are given. */
export interface IntegrationsCtx extends GivenCtx {
  sources: ReadonlyMap<string, Source>
  vault: Vault
  stateKey: Buffer
  lookEveryMs: number
  /** Some source has its turn now. */
  lookSoon(): void
  /** Keys the fingerprints of accounts. */
  secret: string
  spentStates: { has(state: string): boolean; add(state: string): void }
  memory: Memory
  calendarMemory: CalendarMemory
  flights: Flights
  refreshes: Refreshes
  signals: SignalsMemory
  ingress: {
    /** How much a source may send. */
    buckets: Buckets
    /** Stands in for a source that is not there. */
    decoy: Decoy
  }
}
