import type { Eraser, Keyring, Tx } from '@oo/kernel'
import type { Receipt } from '@oo/shared-types'
import type { Actor } from '@oo/shared-types/handlers'

/** Seals text with the person's own key; when the key is destroyed, every copy becomes unreadable. */
export interface Sealer {
  /** `place` names table, column and row: a sealed value opens nowhere else. */
  seal(text: string, place: string): Buffer
  open(sealed: Buffer, place: string): string
  /** 32 bytes of the person's own for one purpose: another purpose or another person has other ones. */
  keyFor(purpose: string): Buffer
}

export interface Auth {
  /** Who a `sid` cookie belongs to; null when it is unknown, expired or revoked. `fresh`: not from memory. */
  authenticate(sid: string | undefined, fresh?: boolean): Promise<Actor | null>
  /** Throws a Problem when the person is gone. Cached in memory, so it is cheap on a warm path. */
  sealer(personId: string, tx?: Tx): Promise<Sealer>
  /** Signs the person out everywhere and makes the deletion durable; answers the receipt's id. */
  requestErasure(personId: string): Promise<{ receiptId: string }>
  receipt(receiptId: string): Promise<Receipt | null>
  /** After a restore: erases everyone whom the ledger's hashes name; answers how many came back with the backup. */
  eraseAgain(ledger: ReadonlySet<string>): Promise<number>
}

/** What auth knows of a person at the moment of sign-in; profile keeps the card. */
export interface Newcomer {
  personId: string
  name: string
  email: string
  emailVerified: boolean
}

/** A way to sign in; any OpenID Connect provider. */
export interface ProviderSettings {
  id: string
  name: string
  issuer: string
  clientId: string
  clientSecret: string
  /** Only for a provider on this machine. */
  allowHttp?: boolean
}

export interface AuthSettings {
  secret: string
  keyring: Keyring
  providers: readonly ProviderSettings[]
  adminToken?: string
  adminSeedEmail?: string
  /** The file that says who was erased; outside the database, beside its backups. */
  erasureLedger: string
  /** The addresses of this instance; the first is the person's app, where newcomers go on to connect. */
  origins: readonly string[]
}

export interface AuthHooks {
  /** Called in the transaction that creates a person. */
  welcome(tx: Tx, newcomer: Newcomer): Promise<void>
  /** In the order in which a person is erased; auth's own rows and the key always go last. */
  erasers(): readonly { module: string; eraser: Eraser }[]
}
