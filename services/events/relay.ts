// Keeps one subscriber going: rounds while there is something to do, rests that grow while it fails.
import { applyRound, retryRound } from './apply.ts'
import { deliverRound, redeliverRound } from './deliver.ts'
import { comparePlaces, type Place } from './place.ts'
import { endLease, enrol, passBy } from './store/places.ts'
import { backOff, batchSize, type Carrier, nothingNew, type Round, type Work } from './work.ts'

/** Another process is at it, with a batch that is short. */
const busyMs = 50
const idleMs = 1_000
/** How long a place may stand behind what did not concern its subscriber; moving it is a write. */
const passByEveryMs = 5_000
const wholeBackOffMs = 5_000

export interface Relay {
  name: string
  wants(subject: string): boolean
  /** What is appended from here on is not missed, also by a subscriber that is new. */
  start(): Promise<void>
  wake(): void
  /** Says that the subscriber lives: days of the log wait for it. */
  enrol(): Promise<void>
  /** Something is due for another try. */
  retry(): void
  /** Does what there is to do; `idle` when there was nothing. */
  round(): Promise<Round>
  stop(): Promise<void>
}

export function openRelay(work: Work, owner: string): Relay {
  const { name } = work.target
  const { db, log } = work.ctx
  const { next, retry } = roundsOf(work, owner)
  let enrolled: Promise<void> | undefined
  let stopped = false
  let woken = false
  let isDue = true
  let wakeUp = () => {}
  let running: Promise<void> | undefined
  let passed: { at: number; to: Place | undefined } = { at: 0, to: undefined }

  const rest = (ms: number, { soundly = false } = {}) =>
    new Promise<void>(resolve => {
      const timer = setTimeout(resolve, ms)
      wakeUp = () => {
        if (soundly && !stopped) return
        clearTimeout(timer)
        resolve()
      }
      if (woken || stopped) wakeUp()
    })

  const ready = async () => {
    enrolled ??= enrol(db, name, work.target.subjects).catch((error: unknown) => {
      enrolled = undefined
      throw error
    })
    await enrolled
  }

  const round = async (): Promise<Round> => {
    await ready()
    if (isDue) {
      isDue = false
      const retried = await retry()
      isDue ||= retried !== 'idle'
      if (retried === 'busy') return 'busy'
    }
    const done = nothingNew(work) ? 'idle' : await next()
    return isDue && done === 'idle' ? 'more' : done
  }

  const saveNowAndThen = async () => {
    const { read } = work.position
    if (!read || performance.now() - passed.at < passByEveryMs) return
    if (!passed.to || comparePlaces(passed.to, read) < 0) await passBy(db, name, { owner, to: read })
    passed = { at: performance.now(), to: read }
  }

  const run = async () => {
    let failures = 0
    while (!stopped) {
      woken = false
      try {
        const done = await round()
        failures = 0
        if (done === 'idle') await saveNowAndThen()
        if (done !== 'more') await rest(done === 'busy' ? busyMs : idleMs)
      } catch (error) {
        if (stopped) return
        failures += 1
        isDue = true
        log.warn({ err: error, subscriber: name }, 'a subscriber could not go on; it is tried again')
        await rest(backOff({ ...work.retries, mostMs: wholeBackOffMs }, failures), { soundly: true })
      }
    }
  }

  return {
    name,
    wants: subject => work.wanted.has(subject),
    async start() {
      await ready()
      running ??= run()
    },
    enrol: () => enrol(db, name, work.target.subjects),
    wake() {
      woken = true
      wakeUp()
    },
    retry() {
      isDue = true
      this.wake()
    },
    round,
    async stop() {
      stopped = true
      wakeUp()
      await running
      if (enrolled) await endLease(db, name, owner).catch(() => {})
    },
  }
}

function roundsOf(work: Work, owner: string): { next(): Promise<Round>; retry(): Promise<Round> } {
  const { target } = work
  if ('deliver' in target) {
    const carrier: Carrier = { work: { ...work, target }, owner, size: batchSize, flows: true }
    return { next: () => deliverRound(carrier), retry: () => redeliverRound(carrier) }
  }
  const applying = { ...work, target }
  return { next: () => applyRound(applying), retry: () => retryRound(applying) }
}
