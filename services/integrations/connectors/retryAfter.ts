const defaultWaitSeconds = 60
const longestWaitSeconds = 86_400

/** How long a provider asks to be left alone; a minute where it does not say. */
export function waitSeconds(retryAfter: string | null): number {
  const seconds = Number(retryAfter ?? defaultWaitSeconds)
  return Number.isFinite(seconds)
    ? Math.min(longestWaitSeconds, Math.max(1, Math.ceil(seconds)))
    : defaultWaitSeconds
}
