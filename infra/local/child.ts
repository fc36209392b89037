import { spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, renameSync, statSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { logEnd, loggedSoFar, refusalIn } from './logEnd.ts'
import { identify, type ProcessIdentity, signal as send, waitUntilGone } from './processIdentity.ts'
import { errorText, Refusal } from './refusal.ts'

/** One process of oO and how to know that it is ready. */
export type ProcessPlan = {
  name: string
  command: string
  args: string[]
  cwd: string
  env: Record<string, string | undefined>
  /** Answers 200 once the process can do its work. */
  readyUrl: string
  readyWithinMs: number
  /** Names that must be ready first. */
  after: string[]
}

export type Child = {
  name: string
  identity: ProcessIdentity
  /** How many bytes of its log earlier runs wrote. */
  loggedBefore: number
  /** Resolves with a sentence about how it ended. */
  exited: Promise<string>
  stop(): Promise<void>
}

const termWithinMs = 8000
const killWithinMs = 2000
const pollMs = 25
const probeWithinMs = 2000
const logLimitBytes = 5e6

/** Starts a process in a group of its own, its output going to a log. */
export function startChild(plan: ProcessPlan, logPath: string): Child {
  if (existsSync(logPath) && statSync(logPath).size > logLimitBytes) renameSync(logPath, `${logPath}.1`)
  const loggedBefore = loggedSoFar(logPath)
  const log = openSync(logPath, 'a', 0o600)
  const stdio: ['ignore', number, number] = ['ignore', log, log]
  const child = spawn(plan.command, plan.args, { cwd: plan.cwd, env: plan.env, detached: true, stdio })
  closeSync(log)
  const exited = new Promise<string>(resolve => {
    child.once('error', error => resolve(`could not be run: ${errorText(error)}`))
    child.once('exit', (code, by) => resolve(by ? `was ended by ${by}` : `ended with code ${code}`))
  })
  const identity = identify(child.pid ?? -1) ?? { pid: child.pid ?? 0, startedAt: '' }
  return { name: plan.name, identity, loggedBefore, exited, stop: () => stopGroup(identity) }
}

/** SIGTERM, then SIGKILL after 8 s, to the whole group; whatever the leader left in it goes too. */
export async function stopGroup(leader: ProcessIdentity): Promise<void> {
  if (leader.pid <= 0) return
  const alive = identify(leader.pid)
  if (alive && alive.startedAt !== leader.startedAt) return
  send(-leader.pid, 'SIGTERM')
  await waitUntilGone(leader, termWithinMs)
  send(-leader.pid, 'SIGKILL')
  await waitUntilGone(leader, killWithinMs)
}

/** Polls the health address until it answers 200; a process that ends first, or takes too long, is a refusal. */
export async function waitUntilReady(
  plan: ProcessPlan,
  child: Child,
  logPath: string,
  signal: AbortSignal,
): Promise<void> {
  const deadline = Date.now() + plan.readyWithinMs
  let ending: string | undefined
  void child.exited.then(how => {
    ending = how
  })
  while (Date.now() < deadline) {
    signal.throwIfAborted()
    if (ending !== undefined)
      throw new Refusal(whyNot(plan.name, ending, { logPath, from: child.loggedBefore }))
    if (await answers(plan.readyUrl)) return
    await delay(pollMs)
  }
  throw new Refusal(
    `${plan.name} was not ready within ${plan.readyWithinMs / 1000} s (${plan.readyUrl}); ${logEnd(logPath, child.loggedBefore)}`,
  )
}

/** Its own sentence first, where it has one: that says what to do. */
function whyNot(name: string, ending: string, { logPath, from }: { logPath: string; from: number }): string {
  const refusal = refusalIn(logPath, from)
  return refusal
    ? `${name} does not start: ${refusal}\n(It ${ending}, so oO stops; its log is ${logPath}.)`
    : `${name} ${ending}, so oO stops; ${logEnd(logPath, from)}`
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(probeWithinMs), redirect: 'manual' })
    await response.arrayBuffer()
    return response.status === 200
  } catch {
    return false
  }
}
