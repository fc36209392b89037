// One process of the instance under test: it can be stopped, killed, frozen and started again, always by its own id.
import { join } from 'node:path'
import { type Child, type ProcessPlan, startChild, waitUntilReady } from '@oo/local'

export interface Part {
  log: string
  /** 0 while it does not run. */
  pid(): number
  start(): Promise<void>
  /** As an operator would: SIGTERM, and what does not leave is killed. */
  stop(): Promise<void>
  /** kill -9: nothing is said goodbye to. */
  kill(): Promise<void>
  freeze(): void
  thaw(): void
}

const alive = new Set<number>()

/** The runner ends a file that takes too long by SIGTERM; what it started ends then too. */
process.on('exit', () => {
  for (const pid of alive) send(-pid, 'SIGKILL')
})
for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
  process.once(name, () => {
    // Somebody else who listens stops what was started in order, and ends then.
    if (process.listenerCount(name) === 0) process.exit(1)
  })

export function createPart(folder: string, plan: ProcessPlan): Part {
  const log = join(folder, `${plan.name}.log`)
  let child: Child | undefined
  const pid = () => child?.identity.pid ?? 0
  const gone = async () => {
    await child?.exited
    alive.delete(pid())
    child = undefined
  }
  return {
    log,
    pid,
    async start() {
      child = startChild(plan, log)
      alive.add(pid())
      await waitUntilReady(plan, child, log, AbortSignal.timeout(plan.readyWithinMs))
    },
    async stop() {
      if (!child) return
      send(-pid(), 'SIGCONT')
      await child.stop()
      await gone()
    },
    async kill() {
      send(-pid(), 'SIGKILL')
      await gone()
    },
    freeze: () => send(-pid(), 'SIGSTOP'),
    thaw: () => send(-pid(), 'SIGCONT'),
  }
}

/** A process that is gone already is fine. */
function send(pid: number, signal: NodeJS.Signals): void {
  if (Math.abs(pid) < 2) return
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
