import { openHouse } from './house.ts'
import type { Proof } from './proof.ts'
import type { ToldRow } from './verdict.ts'

export interface Run {
  full: boolean
  signal: AbortSignal
  folder: string
  /** How many run side by side. */
  atOnce: number
}

const shortWithinMs = 180_000
const fullWithinMs = 4 * 3_600_000

/** One that fails costs its own rows only. Where two run at once, those that are to be `alone` come after them. */
export async function runProofs(proofs: readonly Proof[], run: Run): Promise<ToldRow[]> {
  const rows = new Map<Proof, ToldRow[]>()
  const together = run.atOnce > 1 ? proofs.filter(proof => !proof.alone) : []
  await runEach(together, run.atOnce, run, rows)
  const others = proofs.filter(proof => !together.includes(proof))
  await runEach(others, 1, run, rows)
  return proofs.flatMap(proof => rows.get(proof) ?? [])
}

async function runEach(
  proofs: readonly Proof[],
  atOnce: number,
  run: Run,
  rows: Map<Proof, ToldRow[]>,
): Promise<void> {
  const waiting = [...proofs]
  const lane = async () => {
    for (let proof = waiting.shift(); proof && !run.signal.aborted; proof = waiting.shift())
      rows.set(proof, await runProof(proof, run))
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
}

async function runProof(proof: Proof, { full, signal: stopped, folder }: Run): Promise<ToldRow[]> {
  const withinMs = full ? fullWithinMs : shortWithinMs
  const ending = new AbortController()
  const signal = AbortSignal.any([stopped, ending.signal])
  const timer = setTimeout(() => ending.abort(new Error(`it took more than ${withinMs / 1_000} s`)), withinMs)
  const house = openHouse(proof, { full, signal, folder })
  const began = performance.now()
  const seconds = () => Math.round((performance.now() - began) / 100) / 10
  const stray = straysAfter()
  try {
    house.say(proof.what)
    const rows = await Promise.race([proof.run(house), stray.thrown, aborted(signal)])
    return rows.map(row => ({ ...row, seconds: seconds() }))
  } catch (error) {
    const failed = error instanceof Error ? error.message : String(error)
    if (!stopped.aborted && error instanceof Error) house.say(error.stack ?? failed)
    return [{ ...emptyRow(proof), seconds: seconds(), failed }]
  } finally {
    ending.abort(new Error('The proof is over.'))
    clearTimeout(timer)
    await house.close()
    stray.stop()
  }
}

const emptyRow = ({ id, what }: Proof) =>
  ({ id, what, done: 0, of: 0, unit: '', lost: 0, doubled: 0, control: 'none', notes: [] }) satisfies Omit<
    ToldRow,
    'seconds'
  >

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const reason = () =>
      reject(signal.reason instanceof Error ? signal.reason : new Error('The proofs were stopped.'))
    if (signal.aborted) reason()
    signal.addEventListener('abort', reason, { once: true })
  })
}

/** What is thrown where nobody waits belongs to whoever runs: to both, as nobody knows whose it was. */
function straysAfter(): { thrown: Promise<never>; stop(): void } {
  const { promise: thrown, reject } = Promise.withResolvers<never>()
  thrown.catch(() => {})
  process.on('uncaughtException', reject).on('unhandledRejection', reject)
  return {
    thrown,
    stop: () => void process.off('uncaughtException', reject).off('unhandledRejection', reject),
  }
}
