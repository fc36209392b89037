import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Canary, Findings, PolicyFigures } from './figures.ts'
import type { LabFigures } from './labReport.ts'
import { above, type PolicyState, states } from './ladder.ts'
import { type Known, nextStep } from './nextStep.ts'

const now = new Date('2026-06-20T12:00:00Z')
const ago = (days: number) => new Date(now.getTime() - days * 86_400_000)
const lab: LabFigures = {
  made: '2026-06-01',
  seeds: 20,
  places: [{ place: 'people/low', policy: 0.398, incumbent: 0.4, persona: 'avoider', gain: -0.02 }],
}
const canary: Canary = {
  experiment: 'e1',
  state: 'canary_20',
  days: 8,
  treated: 20,
  others: 80,
  low: 0.001,
  high: 0.2,
  sampleRatioP: 0.4,
  guardrails: [{ name: 'dismissals', low: -0.1, high: 0.1, band: 0.02 }],
}
const figures: PolicyFigures = {
  version: '2',
  incumbent: 'hb_ts',
  replay: { value: 0.02, low: -0.0099, high: 0.05, ess: 500, rows: 900, people: 40 },
  watched: { days: 7, decisions: 9_990, missing: 9, p99Ms: 19, agreement: 0.21 },
  canary,
}
interface Told {
  state: PolicyState
  figures?: Partial<PolicyFigures>
  canary?: Partial<Canary>
  lab?: LabFigures | null
  at?: Date
  since?: Date
}

function known(told: Told): Known {
  const own = { ...figures, ...told.figures }
  const tried = own.canary && { ...own.canary, state: told.state, ...told.canary }
  const policies = new Map([['lints', { ...own, canary: tried }]])
  const findings: Findings = { at: told.at ?? ago(0.1), days: 30, decisions: 1_000, policies, alarms: [] }
  const given = { policy: 'lints', since: told.since ?? ago(8), experiment: 'e1', now, findings }
  return { ...given, state: told.state, lab: told.lab === undefined ? lab : told.lab }
}

test('every rung leads to the next where its gate is just open', () => {
  for (const state of states.filter(one => above[one])) {
    const { step, to } = nextStep(known({ state }))
    assert.deepEqual([state, step, to], [state, 'promote', above[state]])
  }
  assert.equal(nextStep(known({ state: 'launched' })).step, 'stay')
})

const place = (more: object) => ({ ...lab, places: lab.places.map(one => ({ ...one, ...more })) })
const closed: [string, Told, RegExp][] = [
  ['no report', { state: 'shadow', lab: null }, /no report of this policy/],
  ['19 seeds', { state: 'shadow', lab: { ...lab, seeds: 19 } }, /19 held-out seeds, 20 are needed/],
  ['the lab behind', { state: 'shadow', lab: place({ policy: 0.3979 }) }, /0\.3979 against 0\.4000/],
  [
    'a persona behind',
    { state: 'shadow', lab: place({ gain: -0.0201 }) },
    /persona avoider changes by -0\.0201/,
  ],
  ['old figures', { state: 'simulated', at: ago(0.3) }, /figures are of 2026-06-20T04/],
  ['no replay', { state: 'simulated', figures: { replay: null } }, /no rewarded decision/],
  [
    'a replay that may be worse',
    {
      state: 'simulated',
      figures: { replay: { value: 0.02, low: -0.01, high: 0.05, ess: 900, rows: 900, people: 9 } },
    },
    /lower bound must be above -0\.01/,
  ],
  [
    'a thin replay',
    {
      state: 'simulated',
      figures: { replay: { value: 0.02, low: 0, high: 0.05, ess: 499, rows: 900, people: 9 } },
    },
    /worth 499 plain decisions of 9 people, 500/,
  ],
  ['not watching', { state: 'replayed', figures: { watched: null } }, /watched no decision/],
  ['six days', watched({ days: 6.9 }), /watched for 6\.9 days, 7/],
  ['failing', watched({ missing: 11 }), /failed in 0\.0011/],
  ['slow', watched({ p99Ms: 20.1 }), /took it 20\.1 ms/],
  ['another mind', watched({ agreement: 0.19 }), /agrees with hb_ts in 0\.1900/],
  ['no canary figures', { state: 'canary_5', figures: { canary: null } }, /Nobody has been in this step/],
  [
    'figures of the step before',
    { state: 'canary_20', canary: { state: 'canary_5' } },
    /Nobody has been in this step/,
  ],
  [
    'figures of a trial before',
    { state: 'canary_20', canary: { experiment: 'e0' } },
    /Nobody has been in this step/,
  ],
  ['too soon', { state: 'canary_5', since: ago(6.9) }, /lasted 6\.9 days, 7/],
  ['too long', { state: 'canary_5', canary: { days: 22 } }, /after 21 the log forgets/],
  ['too few people', { state: 'canary_5', canary: { treated: 19 } }, /19 people had it/],
  [
    'crooked groups',
    { state: 'canary_5', canary: { sampleRatioP: 0.0009 } },
    /nothing of this is to be trusted/,
  ],
  ['not surely better', { state: 'canary_20', canary: { low: 0 } }, /People with it: \[0\.0000/],
  [
    'a little behind, no guardrail better',
    { state: 'canary_20', canary: { low: -0.0049 } },
    /no guardrail surely better/,
  ],
  [
    'a guardrail better, but too far behind',
    {
      state: 'canary_20',
      canary: { low: -0.005, guardrails: [{ name: 'd', low: -0.2, high: -0.1, band: 0.02 }] },
    },
    /above -0\.005 with a guardrail better/,
  ],
]

function watched(more: object): Told {
  const all = { days: 7, decisions: 9_990, missing: 9, p99Ms: 19, agreement: 0.21, ...more }
  return { state: 'shadowing', figures: { watched: all } }
}

test('each gate alone keeps a policy where it is, and says why', () => {
  for (const [name, told, why] of closed) {
    const { step, to, reasons } = nextStep(known(told))
    assert.deepEqual([name, step, to], [name, 'stay', told.state])
    assert.equal(reasons.length, 1, `${name}: ${reasons.join(' ')}`)
    assert.match(reasons[0] ?? '', why)
  }
})

test('without any figures nothing is promoted but what needs none', () => {
  for (const state of states) {
    const { step } = nextStep({ ...known({ state }), findings: null, lab: null })
    assert.equal(step, state === 'rolled_back' ? 'promote' : 'stay', state)
  }
})

test('surely worse, or a guardrail beyond its band: back at once, whatever else the figures say', () => {
  const broken = [{ name: 'dismissals', low: 0.021, high: 0.3, band: 0.02 }]
  for (const state of ['canary_5', 'canary_20'] as const) {
    const worse = nextStep(known({ state, canary: { low: -0.2, high: -0.001, treated: 1 }, since: ago(1) }))
    assert.deepEqual([worse.step, worse.to], ['roll_back', 'rolled_back'])
    assert.match(worse.reasons.join(), /worse off with it: at best by -0\.0010/)
    const left = nextStep(known({ state, canary: { guardrails: broken } }))
    assert.equal(left.step, 'roll_back')
    assert.match(left.reasons.join(), /dismissals left its band: worse by 0\.0210/)
    assert.notEqual(nextStep(known({ state, canary: { high: 0 } })).step, 'roll_back')
  }
})

test('a little behind is launched where a guardrail is surely better', () => {
  const better = [{ name: 'dismissals', low: -0.2, high: -0.001, band: 0.02 }]
  const told = known({ state: 'canary_20', canary: { low: -0.0049, guardrails: better } })
  assert.equal(nextStep(told).to, 'launched')
})
