import type { ProblemShape } from '@oo/kernel'

export const noSuchTip: ProblemShape = {
  status: 404,
  code: 'no_such_tip',
  title: 'This tip is not known; load the page again to see the current one.',
}
export const noSuchReaction: ProblemShape = {
  status: 404,
  code: 'no_such_reaction',
  title: 'This reaction is not known; it may belong to a tip that is long gone.',
}
export const alreadyAnswered: ProblemShape = {
  status: 409,
  code: 'already_answered',
  title: 'This tip was already answered differently; undo that first to change it.',
}
export const tooLateToUndo: ProblemShape = {
  status: 409,
  code: 'too_late_to_undo',
  title: 'This was more than 24 hours ago and can no longer be undone here.',
}
export const snoozeNeedsTime: ProblemShape = {
  status: 422,
  code: 'snooze_needs_time',
  title: 'Say until when to snooze: a moment in the future, at most a year away.',
}
export const onlySnoozeHasTime: ProblemShape = {
  status: 422,
  code: 'only_snooze_has_time',
  title: 'Only a snooze has a snoozeUntil; leave it out.',
}
export const noSuchPolicy = (policy: string): ProblemShape => ({
  status: 404,
  code: 'no_such_policy',
  title: `ml has not watched with a policy ${policy} lately; name it in OO_ML_SHADOWS, start ml again, and wait for the next figures, an hour at most.`,
})
export const decidesAlready = (policy: string): ProblemShape => ({
  status: 409,
  code: 'decides_already',
  title: `${policy} decides by OO_ML_POLICY and took no step, so there is none up or down; to let another decide, promote that one.`,
})
export const onlyWatches = (policy: string): ProblemShape => ({
  status: 409,
  code: 'only_watches',
  title: `${policy} only watches and decides for nobody; there is nothing to roll back.`,
})
export const atTheTop = (policy: string): ProblemShape => ({
  status: 409,
  code: 'at_the_top',
  title: `${policy} is launched already; there is no step above.`,
})
export const anotherOnTrial = (policy: string): ProblemShape => ({
  status: 409,
  code: 'another_on_trial',
  title: `${policy} is on trial; two at once would be each other's noise. Launch it or roll it back first.`,
})
export const gateClosed = (policy: string, to: string, reasons: readonly string[]): ProblemShape => ({
  status: 409,
  code: 'gate_closed',
  title: `${policy} cannot become ${to} yet. ${reasons.join(' ')} To open the gate all the same, give a reason.`,
})
export const mustFall = (policy: string, reasons: readonly string[]): ProblemShape => ({
  status: 409,
  code: 'must_fall',
  title: `${policy} does harm and cannot be promoted, not even with a reason. ${reasons.join(' ')} Roll it back.`,
})
export const reasonTooShort: ProblemShape = {
  status: 422,
  code: 'reason_too_short',
  title: 'A reason is kept for good: say it in 10 to 500 characters.',
}
export const alreadyBack = (policy: string): ProblemShape => ({
  status: 409,
  code: 'already_back',
  title: `${policy} is rolled back already.`,
})
