// How long a provider asks to be left alone: in seconds, or until a time on its own clock (RFC 9110, 10.2.3).
/** Where an answer does not say. */
export const usualWaitSeconds = 60
const longestWaitSeconds = 86_400

/** The three ways in which an HTTP date is written, of which two are no longer sent. */
const httpDate = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? [\w: -]{17,20}( GMT)?$/

/** `date`: of the same answer, what the provider's clock showed. */
export const waitSeconds = (retryAfter: string | null, date: string | null = null): number =>
  askedSeconds(retryAfter, date) ?? usualWaitSeconds

/** Undefined where it does not say, or nothing that can be understood. */
export function askedSeconds(retryAfter: string | null, date: string | null): number | undefined {
  if (retryAfter === null) return undefined
  const seconds = /^\d+$/.test(retryAfter)
    ? Number(retryAfter)
    : (instantOf(retryAfter) - instantOf(date)) / 1_000
  return Number.isNaN(seconds) ? undefined : Math.min(longestWaitSeconds, Math.max(1, Math.ceil(seconds)))
}

const instantOf = (text: string | null): number =>
  text !== null && httpDate.test(text) ? Date.parse(text.endsWith('GMT') ? text : `${text} GMT`) : Number.NaN
