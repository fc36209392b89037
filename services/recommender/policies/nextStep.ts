// Which step the figures allow: up, down, or none. A pure function, so that every verdict can be given again from
// the figures that are kept with it.
import type { Canary, Findings, PolicyFigures } from './figures.ts'
import type { LabFigures } from './labReport.ts'
import { above, type PolicyState } from './ladder.ts'

export interface Known {
  policy: string
  state: PolicyState
  since: Date
  experiment: string
  now: Date
  findings: Findings | null
  lab: LabFigures | null
}

export interface Step {
  step: 'promote' | 'stay' | 'roll_back'
  to: PolicyState
  /** What was found, each a sentence; where a gate is closed, first why. */
  reasons: string[]
}

const dayMs = 86_400_000
/** The judge looks every hour; older figures say that it does not run. */
const freshMs = 6 * 3_600_000
export const gates = {
  lab: { seeds: 20, behind: 0.002, persona: 0.02 },
  replay: { low: -0.01, ess: 500 },
  watched: { days: 7, missing: 0.001, p99Ms: 20, agreement: 0.2 },
  canary: { days: 7, treated: 20, longestDays: 21, sampleRatioP: 0.001 },
  launch: { low: 0, lowWithGuardrail: -0.005 },
} as const

interface Gate {
  opens: boolean
  reason: string
}

const gate = (opens: boolean, reason: string): Gate => ({ opens, reason })
const shut = (reason: string): Gate[] => [gate(false, reason)]

export function nextStep(known: Known): Step {
  const { state } = known
  const falling = tried(state) ? harm(canaryOf(known)) : []
  if (falling.length > 0) return { step: 'roll_back', to: 'rolled_back', reasons: falling }
  const to = above[state]
  if (to === null) return { step: 'stay', to: state, reasons: ['It is launched: there is no step above.'] }
  const found = gatesTo(known)
  const closed = found.filter(({ opens }) => !opens)
  const told = closed.length > 0 ? closed : found
  return {
    step: closed.length > 0 ? 'stay' : 'promote',
    to: closed.length > 0 ? state : to,
    reasons: told.map(({ reason }) => reason),
  }
}

const tried = (state: PolicyState): boolean => state === 'canary_5' || state === 'canary_20'

function gatesTo(known: Known): Gate[] {
  switch (known.state) {
    case 'shadow':
      return labGates(known.lab)
    case 'simulated':
      return fresh(known, replayGates)
    case 'replayed':
      return fresh(known, watchedAtAll)
    case 'shadowing':
      return fresh(known, watchedGates)
    case 'canary_5':
      return fresh(known, () => canaryGates(known))
    case 'canary_20':
      return fresh(known, () => [...canaryGates(known), ...launchGates(canaryOf(known))])
    default:
      return [gate(true, 'It may begin again.')]
  }
}

function labGates(lab: LabFigures | null): Gate[] {
  const { seeds, behind, persona } = gates.lab
  if (!lab)
    return shut(
      'The lab has no report of this policy beside the incumbent: run npm run lab -- bakeoff --tracks B, or override with a reason.',
    )
  return [
    gate(lab.seeds >= seeds, `Lab of ${lab.made}: ${lab.seeds} held-out seeds, ${seeds} are needed.`),
    ...lab.places.flatMap(place => [
      gate(
        place.policy >= place.incumbent - behind,
        `${place.place}: ${shown(place.policy)} against ${shown(place.incumbent)}; it may be ${behind} behind.`,
      ),
      gate(
        place.gain >= -persona,
        `${place.place}: persona ${place.persona} changes by ${shown(place.gain)}; it may lose ${persona}.`,
      ),
    ]),
  ]
}

/** No verdict on figures that are old, or of a policy that ml does not have. */
function fresh(known: Known, judge: (figures: PolicyFigures) => Gate[]): Gate[] {
  const { findings, policy, now } = known
  if (!findings) return shut('There are no figures yet: the judge looks at the decision log every hour.')
  if (now.getTime() - findings.at.getTime() > freshMs)
    return shut(
      `The figures are of ${findings.at.toISOString()}: ml judges every hour, so look at npm run oo -- doctor.`,
    )
  const figures = findings.policies.get(policy)
  if (!figures)
    return shut(`ml has not watched with ${policy} lately: name it in OO_ML_SHADOWS and start ml again.`)
  return judge(figures)
}

function replayGates({ replay, incumbent }: PolicyFigures): Gate[] {
  const { low, ess } = gates.replay
  if (!replay) return shut('The log has no rewarded decision that both policies looked at.')
  return [
    gate(
      replay.low > low,
      `Replay against ${incumbent}: ${shown(replay.value)} [${shown(replay.low)}, ${shown(replay.high)}]; the lower bound must be above ${low}.`,
    ),
    gate(
      replay.ess >= ess,
      `Replay: worth ${Math.round(replay.ess)} plain decisions of ${replay.people} people, ${ess} are needed.`,
    ),
  ]
}

const watchedAtAll = ({ watched }: PolicyFigures): Gate[] =>
  watched ? [gate(true, `It watches: ${watched.decisions} decisions.`)] : shut('It has watched no decision.')

function watchedGates(figures: PolicyFigures): Gate[] {
  const { watched } = figures
  if (!watched) return shut('It has watched no decision.')
  const { days, missing, p99Ms, agreement } = gates.watched
  const share = watched.missing / Math.max(1, watched.decisions + watched.missing)
  return [
    gate(watched.days >= days, `It has watched for ${watched.days.toFixed(1)} days, ${days} are needed.`),
    gate(
      share <= missing,
      `It failed in ${shown(share)} of ${watched.decisions + watched.missing} decisions; ${missing} is the most.`,
    ),
    gate(
      watched.p99Ms <= p99Ms,
      `99 of 100 decisions took it ${watched.p99Ms.toFixed(1)} ms; ${p99Ms} is the most.`,
    ),
    gate(
      watched.agreement >= agreement,
      `It agrees with ${figures.incumbent} in ${shown(watched.agreement)}; below ${agreement} somebody must look.`,
    ),
  ]
}

/** The figures of this very step; those of the one before say nothing of it. */
function canaryOf({ findings, policy, experiment, state }: Known): Canary | null {
  const canary = findings?.policies.get(policy)?.canary
  return canary && canary.experiment === experiment && canary.state === state ? canary : null
}

function harm(canary: Canary | null): string[] {
  if (!canary) return []
  const worse = canary.high < 0 ? [`People are worse off with it: at best by ${shown(canary.high)}.`] : []
  const broken = canary.guardrails.filter(({ low, band }) => low > band)
  return [
    ...worse,
    ...broken.map(
      ({ name, low, band }) => `${name} left its band: worse by ${shown(low)} at least, ${band} is the most.`,
    ),
  ]
}

function canaryGates(known: Known): Gate[] {
  const canary = canaryOf(known)
  if (!canary) return shut('Nobody has been in this step for a week yet.')
  const { days, treated, longestDays, sampleRatioP } = gates.canary
  const lasted = Math.min(canary.days, (known.now.getTime() - known.since.getTime()) / dayMs)
  return [
    gate(lasted >= days, `The step has lasted ${lasted.toFixed(1)} days, ${days} are needed.`),
    gate(
      canary.days <= longestDays,
      `The step has lasted ${canary.days.toFixed(1)} days; after ${longestDays} the log forgets its beginning: roll back and begin again.`,
    ),
    gate(
      canary.treated >= treated,
      `${canary.treated} people had it for a week (${canary.others} had not), ${treated} are needed.`,
    ),
    gate(
      canary.sampleRatioP >= sampleRatioP,
      `The groups are of the planned size with p = ${shown(canary.sampleRatioP)}; below ${sampleRatioP} nothing of this is to be trusted.`,
    ),
  ]
}

function launchGates(canary: Canary | null): Gate[] {
  if (!canary) return []
  const { low, lowWithGuardrail } = gates.launch
  const better = canary.guardrails.filter(guardrail => guardrail.high < 0).map(({ name }) => name)
  const opens = canary.low > low || (canary.low > lowWithGuardrail && better.length > 0)
  const improved = better.length > 0 ? `${better.join(', ')} better` : 'no guardrail surely better'
  return [
    gate(
      opens,
      `People with it: [${shown(canary.low)}, ${shown(canary.high)}], ${improved}; the lower bound must be above ${low}, or above ${lowWithGuardrail} with a guardrail better.`,
    ),
  ]
}

const shown = (figure: number): string => figure.toFixed(4)
