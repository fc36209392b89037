import { type Clock, type Memory, openMemory, type Pool } from '@oo/kernel'
import type { Kept } from './signal.ts'

const maxPeople = 10_000

/** Told to every process when the signals of a person changed. */
export const signalsTopic = 'integrations.signals'

export type SignalsMemory = Memory<readonly Kept[]>

export const openSignalsMemory = ({ db, clock }: { db: Pool; clock: Clock }): SignalsMemory =>
  openMemory(db, { topic: signalsTopic, most: maxPeople, clock })
