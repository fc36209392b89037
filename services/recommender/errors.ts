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
