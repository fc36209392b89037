// People who ask and react while something is wrong: every answer must be whole, and it is told how long they waited.
import type { Ask } from '../bench/load.ts'
import { type Person, recommendAs } from '../bench/people.ts'
import { percentile } from '../bench/statistics.ts'
import type { Besieged } from './besieged.ts'

export interface Siege {
  valid: number
  /** Answers that were a tip. */
  tips: number
  p50Ms: number
  p99Ms: number
  examples: string[]
}

const atOnce = 4
const reactionEvery = 10
const answerWithinMs = 15_000

/** So many requests, each a new decision of somebody; every tenth is a reaction to the tip that came. */
export async function siege(
  { api, people, endTips, reactAs }: Besieged,
  requests: number,
  signal: AbortSignal,
): Promise<Siege> {
  const times: number[] = []
  const examples: string[] = []
  const tips = new Map<Person, string>()
  let given = 0
  let next = 0
  const client = async () => {
    for (let number = next++; number < requests; number = next++) {
      signal.throwIfAborted()
      if (number % people.length === 0) await endTips()
      const person = people[number % people.length]
      if (!person) return
      const tip = number % reactionEvery === reactionEvery - 1 ? tips.get(person) : undefined
      const { took, body, problem } = await send(
        api,
        tip ? reactAs(person, tip, 'helpful') : recommendAs(person),
      )
      const wrong = problem ?? (tip ? whatIsWrongWithReaction(body) : whatIsWrongWithAnswer(body))
      if (wrong) examples.push(wrong)
      else times.push(took)
      const told = Object(Object(body).tip).id
      if (typeof told !== 'string') continue
      tips.set(person, told)
      given += 1
    }
  }
  await Promise.all(Array.from({ length: atOnce }, client))
  const at = (share: number) => (times.length > 0 ? percentile(times, share) : 0)
  return { valid: times.length, tips: given, p50Ms: at(0.5), p99Ms: at(0.99), examples }
}

async function send(
  url: string,
  { path, ...ask }: Ask,
): Promise<{ took: number; body?: unknown; problem?: string }> {
  const began = performance.now()
  try {
    const answer = await fetch(url + path, { ...ask, signal: AbortSignal.timeout(answerWithinMs) })
    const text = await answer.text()
    const took = performance.now() - began
    if (answer.status !== 200)
      return { took, problem: `${path} answered ${answer.status} ${text.slice(0, 200)}` }
    return { took, body: JSON.parse(text) }
  } catch (error) {
    return { took: 0, problem: `${path}: ${error instanceof Error ? error.message : error}` }
  }
}

/** A tip with its text, or a silence with its reason; nothing in between. */
function whatIsWrongWithAnswer(body: unknown): string | undefined {
  const { decisionId, tip, silence } = Object(body)
  const isTip = typeof Object(tip).id === 'string' && typeof Object(tip).text === 'string'
  const isSilence = tip === null && typeof Object(silence).reason === 'string'
  return typeof decisionId === 'string' && (isTip || isSilence)
    ? undefined
    : `neither tip nor silence: ${JSON.stringify(body).slice(0, 200)}`
}

const whatIsWrongWithReaction = (body: unknown): string | undefined =>
  typeof Object(body).id === 'string' ? undefined : `no reaction: ${JSON.stringify(body).slice(0, 200)}`
