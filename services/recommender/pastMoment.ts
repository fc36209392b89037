/** A moment a device claims, held between what is possible: devices have wrong clocks, and that loses nothing. */
export function pastMoment(
  claimed: string | undefined,
  { earliest, now }: { earliest: Date; now: Date },
): Date {
  const at = claimed ? new Date(claimed) : now
  // Also what is no moment at all, such as a 61st second: every comparison with it is false.
  if (!(at <= now)) return now
  return at < earliest ? earliest : at
}
