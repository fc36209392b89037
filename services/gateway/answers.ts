// Requests that carry an Idempotency-Key: the first one runs, every other one under the same key gets its answer.
// A request is claimed before it runs and its answer is stored before it leaves, so a verb never runs again once
// somebody has seen what it answered.
import { type Ctx, keyedHash, newId, open, Problem, seal } from '@oo/kernel'
import { claim, find, keep, type Request, release, renew } from './store.ts'

/** Seals an answer so that it opens for its owner only; destroying the owner's key makes it unreadable. */
export interface Sealer {
  seal(text: string, place: string): Buffer
  open(sealed: Buffer, place: string): string
}

export interface AnswersCtx extends Pick<Ctx, 'db' | 'clock' | 'random' | 'log'> {
  secret: string
  sealerOf(personId: string): Promise<Sealer>
  times?: Times
}

interface Times {
  /** How long a request of a process that died keeps others waiting. */
  leaseMs: number
  renewEveryMs: number
  /** How long a second request waits for the first one. */
  waitMs: number
}

/** Whose key it is: a person, or the session of an admin without one. */
export interface Owner {
  ownerId: string
  personId: string | null
}

export interface KeptAnswer {
  status: number
  headers: Record<string, string>
  body: string
}

export interface Asked extends Owner {
  operation: string
  key: string
  /** Method, address and body in one text: what has to be the same. */
  content: string
}

export interface Claim {
  /** Stores the answer; what comes back is what has to leave. */
  keep(answer: KeptAnswer): Promise<KeptAnswer>
  release(): Promise<void>
}

export interface Answers {
  /** The answer that was kept, or the right to make it. */
  begin(asked: Asked): Promise<KeptAnswer | Claim>
  stop(): void
}

export const keptMs = 24 * 3_600_000
const usualTimes: Times = { leaseMs: 3_000, renewEveryMs: 1_000, waitMs: 6_000 }
const renewAtMostMs = 120_000
const firstPauseMs = 25
const longestPauseMs = 250

const otherRequest = {
  status: 422,
  code: 'key_reused',
  title: 'This Idempotency-Key belongs to another request; use a new key for each thing you want done.',
}
const stillRunning = {
  status: 409,
  code: 'still_running',
  title: 'The first request with this Idempotency-Key is still running; ask again in a moment.',
}

interface Running {
  requestHash: Buffer
  holder: string
  since: number
  /** Null: it ended without an answer to keep. */
  done: Promise<KeptAnswer | null>
  end(kept: KeptAnswer | null): void
}

export function openAnswers(ctx: AnswersCtx): Answers {
  const running = new Map<string, Running>()
  const { leaseMs, renewEveryMs, waitMs } = ctx.times ?? usualTimes
  const timer = setInterval(() => {
    const now = performance.now()
    const held = [...running.values()].filter(
      ({ since }) => now - since >= renewEveryMs && now - since < renewAtMostMs,
    )
    if (held.length === 0) return
    const holders = held.map(({ holder }) => holder)
    renew(ctx.db, holders, leaseMs).catch((error: unknown) =>
      ctx.log.warn({ err: error }, 'requests that still run could not be marked as alive; it is tried again'),
    )
  }, renewEveryMs)
  timer.unref()

  return {
    stop: () => clearInterval(timer),
    async begin(asked) {
      const request = requestOf(ctx, asked)
      const place = placeOf(request)
      const deadline = performance.now() + waitMs
      for (;;) {
        const other = running.get(place)
        if (!other) break
        if (!other.requestHash.equals(request.requestHash)) throw new Problem(otherRequest)
        const kept = await withinTime(other.done, deadline)
        if (kept === 'late') throw new Problem(stillRunning, { retryAfterSeconds: 1 })
        if (kept) return kept
      }
      const mine = run(ctx, request)
      running.set(place, mine)
      const leave = (kept: KeptAnswer | null) => {
        running.delete(place)
        mine.end(kept)
      }
      try {
        const kept = await takeTurn(ctx, { asked, request, holder: mine.holder, deadline })
        if (!kept) return claimOf(ctx, { asked, request, holder: mine.holder, leave })
        leave(kept)
        return kept
      } catch (error) {
        leave(null)
        throw error
      }
    },
  }
}

function requestOf({ secret }: AnswersCtx, { ownerId, operation, key, content }: Asked): Request {
  return {
    ownerId,
    operation,
    keyHash: keyedHash(secret, 'gateway.key', `${operation}\0${key}`),
    requestHash: keyedHash(secret, 'gateway.request', content),
  }
}

const placeOf = ({ ownerId, keyHash }: Request): string =>
  `gateway.answers.answer:${ownerId}:${keyHash.toString('base64')}`

function run(ctx: AnswersCtx, { requestHash }: Request): Running {
  const { promise, resolve } = Promise.withResolvers<KeptAnswer | null>()
  return { requestHash, holder: newId(ctx), since: performance.now(), done: promise, end: resolve }
}

interface Turn {
  asked: Asked
  request: Request
  holder: string
}

/** Waits while another process runs the same request; null: it is ours to run. */
async function takeTurn(
  ctx: AnswersCtx,
  { asked, request, holder, deadline }: Turn & { deadline: number },
): Promise<KeptAnswer | null> {
  const { leaseMs } = ctx.times ?? usualTimes
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    const now = ctx.clock.now()
    const forgottenBefore = new Date(now.getTime() - keptMs)
    if (await claim(ctx.db, request, { holder, now, forgottenBefore, leaseMs })) return null
    const stored = await find(ctx.db, request)
    if (stored && !stored.requestHash.equals(request.requestHash)) throw new Problem(otherRequest)
    if (stored?.answer) return opened(ctx, asked, request, stored.answer)
    if (performance.now() >= deadline) throw new Problem(stillRunning, { retryAfterSeconds: 1 })
    await new Promise(resolve => setTimeout(resolve, pauseMs))
  }
}

const opened = async (ctx: AnswersCtx, asked: Owner, request: Request, answer: Buffer): Promise<KeptAnswer> =>
  keptAnswer((await sealerFor(ctx, asked)).open(answer, placeOf(request)))

/** Guarantees the shape of what `keep` below sealed: a sealed text opens only as it was written. */
const keptAnswer = (text: string): KeptAnswer => JSON.parse(text)

function claimOf(
  ctx: AnswersCtx,
  { asked, request, holder, leave }: Turn & { leave(kept: KeptAnswer | null): void },
): Claim {
  return {
    async keep(answer) {
      let kept: KeptAnswer | null = null
      try {
        const sealer = await sealerFor(ctx, asked)
        const sealed = sealer.seal(JSON.stringify(answer), placeOf(request))
        const stored = await keep(ctx.db, request, { holder, status: answer.status, answer: sealed })
        kept = stored ? answer : await keptByOther(ctx, asked, request)
        return kept ?? answer
      } finally {
        leave(kept)
      }
    },
    async release() {
      try {
        await release(ctx.db, request, holder)
      } finally {
        leave(null)
      }
    },
  }
}

/** Our lease ran out and another attempt answered first; null when the owner was erased meanwhile. */
async function keptByOther(ctx: AnswersCtx, asked: Owner, request: Request): Promise<KeptAnswer | null> {
  const stored = await find(ctx.db, request)
  return stored?.answer ? opened(ctx, asked, request, stored.answer) : null
}

/** An admin without a person has no key of their own; theirs comes from the instance's secret. */
async function sealerFor({ secret, sealerOf }: AnswersCtx, { ownerId, personId }: Owner): Promise<Sealer> {
  if (personId !== null) return sealerOf(personId)
  const key = keyedHash(secret, 'gateway.answers', ownerId)
  return {
    seal: (text, place) => seal(key, Buffer.from(text), place),
    open: (sealed, place) => open(key, sealed, place).toString(),
  }
}

async function withinTime<T>(promise: Promise<T>, deadline: number): Promise<T | 'late'> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'late'>(resolve => {
    timer = setTimeout(() => resolve('late'), Math.max(0, deadline - performance.now()))
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}
