import { type Clock, type Memory, openMemory, type Pool } from '@oo/kernel'
import type { Person } from './store.ts'

const maxPeople = 10_000

/** Told to every process when zone, pause or consents of a person changed. */
export const wishesTopic = 'profile.wishes'

export type WishesMemory = Memory<Person | undefined>

/** `keepsNothing`: asks the database every time, where changes are made in another process. */
export const openWishesMemory = (
  { db, clock }: { db: Pool; clock: Clock },
  { keepsNothing = false } = {},
): WishesMemory => openMemory(db, { topic: wishesTopic, most: keepsNothing ? 0 : maxPeople, clock })
