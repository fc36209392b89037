import type { Tx } from '@oo/kernel'
import type { Receipt } from '@oo/shared-types'
import type { Actor } from '@oo/shared-types/handlers'

/** Seals text with the person's own key; when the key is destroyed, every copy becomes unreadable. */
export interface Sealer {
  /** `place` names table, column and row: a sealed value opens nowhere else. */
  seal(text: string, place: string): Buffer
  open(sealed: Buffer, place: string): string
}

export interface Auth {
  /** Who a `sid` cookie belongs to; null when it is unknown, expired or revoked. */
  authenticate(sid: string | undefined): Promise<Actor | null>
  /** Throws a Problem when the person is gone. Cached in memory, so it is cheap on a warm path. */
  sealer(personId: string, tx?: Tx): Promise<Sealer>
  /** Signs the person out everywhere and makes the deletion durable; answers the receipt's id. */
  requestErasure(personId: string): Promise<{ receiptId: string }>
  receipt(receiptId: string): Promise<Receipt | null>
}

/** What auth knows of a person at the moment of sign-in; profile keeps the card. */
export interface Newcomer {
  personId: string
  name: string
  email: string
  emailVerified: boolean
}
