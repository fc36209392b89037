// What a proof is: it breaks things in the way a promise names, compares with a record of its own, and shows by a
// deliberately broken variant, its control, that it would have noticed.

export interface Proof {
  /** The promise it shows. */
  id: string
  what: string
  /** Its bounds are of time: nothing else runs beside it. */
  alone?: true
  run(house: ProofHouse): Promise<ProofRow[]>
}

/** What a proof is given. */
export interface ProofHouse {
  /** The counts of the promise; else the short form, at most 15 s on a quiet machine. */
  full: boolean
  /** Aborted when the proofs are stopped or the proof took too long: start nothing more. */
  signal: AbortSignal
  /** A scratch folder of this proof; it is deleted after the proof. */
  folder: string
  say(line: string): void
  /** Called when the proof is over, however it ended; the last one kept goes first. */
  keep(stop: () => unknown): void
}

export interface ProofRow {
  id: string
  what: string
  /** How much was done, of how much; less than that is a miss. */
  done: number
  of: number
  unit: string
  lost: number
  doubled: number
  /** Whether the broken variant was noticed; `none` where nothing is destroyed. */
  control: 'caught' | 'missed' | 'none'
  /** Why this machine cannot run it, and what to do; never counted as passed. */
  notRun?: string
  notes: string[]
}
