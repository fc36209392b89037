/** A moment a device claims, held between what is possible: devices have wrong clocks, and that loses nothing. */
export function pastMoment(
  claimed: string | undefined,
  { earliest, now }: { earliest: Date; now: Date },
): Date {
  const at = claimed ? new Date(claimed) : now
  if (at > now) return now
  return at < earliest ? earliest : at
}
