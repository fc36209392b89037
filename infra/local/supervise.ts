import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Child, endedSentence, type ProcessPlan, startChild, waitUntilReady } from './child.ts'
import { claim } from './owner.ts'
import type { Progress } from './progress.ts'
import { errorCode, errorText, Refusal } from './refusal.ts'
import { endLeftovers, openRunRecord } from './runRecord.ts'

/** Something that is started before the processes that need it and stopped after them. */
export type Base = { name: string; exited: Promise<unknown>; stop(): Promise<void> }

export type Run = {
  start(plans: ProcessPlan[], signal: AbortSignal): Promise<void>
  /** Registers something started elsewhere (the database), to be stopped in its turn. */
  keep(base: Base): void
  /** Resolves with a sentence when a process ended that nobody asked to end. */
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
  const started: Base[] = []
  const crash = Promise.withResolvers<string>()
  let stopping: Promise<void> | undefined

  const keep = (base: Base, sentence: (how: unknown) => string) => {
    started.push(base)
    void base.exited.then(how => {
      if (!stopping) crash.resolve(sentence(how))
    })
  }
  const stopAll = async () => {
    for (const base of started.toReversed()) await base.stop()
    record.clear()
    ownership.release()
  }
  return {
    crashed: crash.promise,
    keep: base =>
      keep(
        base,
        () => `${base.name} ended unexpectedly, so oO stops; its log is in ${join(dataDir, 'logs')}.`,
      ),
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
        const child: Child = startChild(plan, logPath)
        record.add(plan.name, child.identity)
        keep(child, how => endedSentence(plan.name, String(how), logPath))
        await progress.step(plan.name, () => waitUntilReady(plan, child, logPath, signal))
      }
      for (const plan of plans) readiness.set(plan.name, startOne(plan))
      await Promise.all(readiness.values())
    },
  }
}

function prepareFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true })
  } catch (error) {
    const why = errorCode(error) === 'EACCES' ? 'this user may not write there' : errorText(error)
    throw new Refusal(`${path} cannot be made (${why}): set OO_DATA_DIR to a folder of yours.`)
  }
}

export type Asked = 'asked'

/** Runs until somebody asks to stop; a part that ends on its own is a refusal, and everything is stopped either way. */
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
