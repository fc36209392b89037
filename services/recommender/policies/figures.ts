// The judge's figures of the decision log (ml/pipelines/judge), read from what it wrote. What is not as agreed counts
// as not measured, so that no gate opens on it.
import { field, isObject, list, numbers, numeric, text } from '../told.ts'

export interface Replay {
  value: number
  low: number
  high: number
  ess: number
  rows: number
  people: number
}

export interface Watched {
  /** Between the first and the last decision it watched. */
  days: number
  decisions: number
  /** Decisions it should have watched and did not. */
  missing: number
  p99Ms: number
  /** The share of probability that it and the incumbent put on the same candidates. */
  agreement: number
}

export interface Guardrail {
  name: string
  /** New − usual, where more is worse. */
  low: number
  high: number
  /** The most that it may surely be worse. */
  band: number
}

export interface Canary {
  experiment: string
  state: string
  days: number
  /** People whose week is over. */
  treated: number
  others: number
  low: number
  high: number
  /** May be read at any time; small means that the groups are not the planned size. */
  sampleRatioP: number
  guardrails: Guardrail[]
}

export interface PolicyFigures {
  version: string
  /** Against whom. */
  incumbent: string
  replay: Replay | null
  watched: Watched | null
  canary: Canary | null
}

export interface Alarm {
  kind: string
  subject: string
  text: string
}

export interface Findings {
  at: Date
  days: number
  decisions: number
  policies: Map<string, PolicyFigures>
  alarms: Alarm[]
}

const mostAlarms = 100
const mostPolicies = 50

export function readFindings(told: unknown): Findings | null {
  const at = new Date(text(told, 'at'))
  const [days, decisions] = [numeric(told, 'days'), numeric(told, 'decisions')]
  const policies = field(told, 'policies')
  if (Number.isNaN(at.getTime()) || days === null || decisions === null || !isObject(policies)) return null
  const found = Object.entries(policies).slice(0, mostPolicies)
  return {
    at,
    days,
    decisions,
    policies: new Map(found.map(([name, figures]) => [name, policyFigures(figures)])),
    alarms: list(field(told, 'alarms'))
      .slice(0, mostAlarms)
      .map(alarm => ({
        kind: text(alarm, 'kind'),
        subject: text(alarm, 'subject'),
        text: text(alarm, 'text'),
      })),
  }
}

/** Whether it was the one that decides when the judge looked. */
export const isIncumbent = (findings: Findings | null, policy: string): boolean =>
  [...(findings?.policies.values() ?? [])].some(({ incumbent }) => incumbent === policy)

const policyFigures = (told: unknown): PolicyFigures => ({
  version: text(told, 'version'),
  incumbent: text(told, 'incumbent'),
  replay: numbers(field(told, 'replay'), ['value', 'low', 'high', 'ess', 'rows', 'people']),
  watched: numbers(field(told, 'watched'), ['days', 'decisions', 'missing', 'p99Ms', 'agreement']),
  canary: canary(field(told, 'canary')),
})

function canary(told: unknown): Canary | null {
  const found = numbers(told, ['days', 'treated', 'others', 'low', 'high', 'sampleRatioP'])
  if (!found) return null
  const guardrails = list(field(told, 'guardrails')).map(one => {
    const bounds = numbers(one, ['low', 'high', 'band'])
    return bounds && { name: text(one, 'name'), ...bounds }
  })
  // One that cannot be read might be the one that is broken.
  if (guardrails.includes(null)) return null
  return {
    ...found,
    experiment: text(told, 'experiment'),
    state: text(told, 'state'),
    guardrails: guardrails.filter(one => one !== null),
  }
}
