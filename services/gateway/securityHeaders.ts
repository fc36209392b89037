const always = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'content-security-policy':
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'cache-control': 'no-store',
}

export const securityHeaders = (https: boolean): Record<string, string> =>
  https ? { ...always, 'strict-transport-security': 'max-age=63072000; includeSubDomains' } : always
