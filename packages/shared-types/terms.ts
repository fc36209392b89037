/** The day the terms and the privacy page became what they are: what people read, and what they agree to. */
export const termsVersion = '2026-11-22'
