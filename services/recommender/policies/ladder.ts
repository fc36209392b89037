/** The rungs, in order; a policy climbs one at a time, and falls from any of them to the last. */
export const states = [
  'shadow',
  'simulated',
  'replayed',
  'shadowing',
  'canary_5',
  'canary_20',
  'launched',
  'rolled_back',
] as const
export type PolicyState = (typeof states)[number]

/** One that was rolled back begins again as a shadow. */
export const above: Readonly<Record<PolicyState, PolicyState | null>> = {
  shadow: 'simulated',
  simulated: 'replayed',
  replayed: 'shadowing',
  shadowing: 'canary_5',
  canary_5: 'canary_20',
  canary_20: 'launched',
  launched: null,
  rolled_back: 'shadow',
}

/** The share of people for whom a policy in this state decides while it is tried. */
export const shareOf = (state: PolicyState): number =>
  state === 'canary_5' ? 0.05 : state === 'canary_20' ? 0.2 : 0
