import { join } from 'node:path'
import { type Child, type ProcessPlan, startChild, waitUntilReady } from './child.ts'
import { logEnd, loggedSoFar } from './logEnd.ts'
import { claim, prepareFolder } from './owner.ts'
import type { Progress } from './progress.ts'
import { Refusal } from './refusal.ts'
import { type Base, type Begun, keepAlive } from './revive.ts'
import { endLeftovers, openRunRecord } from './runRecord.ts'

export type Run = {
  start(plans: ProcessPlan[], signal: AbortSignal): Promise<void>
  /** Registers something started elsewhere (the database), to be stopped in its turn; `again` brings it back. */
  keep(base: Base & { logPath: string }, again: (signal: AbortSignal) => Promise<Base>): void
  /** Resolves with a sentence when a part died so often that oO cannot go on. */
  crashed: Promise<string>
  /** Ends everything, the last started first; calling it again waits for the same end. */
  stop(): Promise<void>
}

/** Takes a data folder for this run, after ending what a killed run left there. */
export async function openRun(dataDir: string, progress: Progress): Promise<Run> {
  prepareFolder(join(dataDir, 'logs'))
  const ownership = claim(dataDir)
  const left = await endLeftovers(dataDir)
  if (left.length > 0) progress.say(`✓ ended what an earlier run left behind: ${left.join(', ')}`)
  const record = openRunRecord(dataDir)
  const started: { stop(): Promise<void> }[] = []
  const crash = Promise.withResolvers<string>()
  let stopping: Promise<void> | undefined

  type Log = { logPath: string; from: number }
  const alive = (base: Base, again: (signal: AbortSignal) => Promise<Begun>, { logPath, from }: Log) =>
    keepAlive(base, again, {
      progress,
      lost: sentence =>
        crash.resolve(
          sentence.includes(logPath) ? sentence : `${sentence}, so oO stops; ${logEnd(logPath, from)}`,
        ),
    })
  const stopAll = async () => {
    for (const part of started.toReversed()) await part.stop()
    record.clear()
    ownership.release()
  }
  return {
    crashed: crash.promise,
    keep(base, again) {
      const begin = async (signal: AbortSignal) => ({ base: await again(signal), ready: Promise.resolve() })
      started.push(alive(base, begin, { logPath: base.logPath, from: loggedSoFar(base.logPath) }))
    },
    stop: () => {
      stopping ??= stopAll()
      return stopping
    },
    async start(plans, signal) {
      const readiness = new Map<string, Promise<void>>()
      const startOne = async (plan: ProcessPlan) => {
        await Promise.all(plan.after.map(name => readiness.get(name)))
        signal.throwIfAborted()
        const logPath = join(dataDir, 'logs', `${plan.name}.log`)
        const begin = (): Child => {
          const child = startChild(plan, logPath)
          record.add(plan.name, child.identity)
          return child
        }
        const child = begin()
        // Until it is ready its end is a failed start; from then on it is brought back.
        let part: { stop(): Promise<void> } = child
        started.push({ stop: () => part.stop() })
        await progress.step(plan.name, () => waitUntilReady(plan, child, logPath, signal))
        const again = async (until: AbortSignal): Promise<Begun> => {
          const base = begin()
          return { base, ready: waitUntilReady(plan, base, logPath, until) }
        }
        part = alive(child, again, { logPath, from: child.loggedBefore })
      }
      for (const plan of plans) readiness.set(plan.name, startOne(plan))
      await Promise.all(readiness.values())
    },
  }
}

export type Asked = 'asked'

/** Runs until somebody asks to stop; a part that cannot be kept alive is a refusal. Everything is stopped either way. */
export async function runUntilAsked(
  dataDir: string,
  progress: Progress,
  asked: Promise<Asked>,
  start: (run: Run, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const run = await openRun(dataDir, progress)
  const aborter = new AbortController()
  const started = start(run, aborter.signal).then(() => 'started')
  try {
    const first = await Promise.race([asked, run.crashed, started])
    const end = first === 'started' ? await Promise.race([asked, run.crashed]) : first
    if (end !== 'asked') throw new Refusal(end)
    progress.say('… stopping')
  } finally {
    aborter.abort()
    await started.catch(() => {})
    await run.stop()
    progress.say('✓ stopped')
  }
}
