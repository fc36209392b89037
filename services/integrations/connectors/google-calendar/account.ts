// Whose grant it is: the `sub` of an id token, a number that says neither mail nor name.
import { ConnectorTrouble, type Tokens } from '../connector.ts'

const issuers: readonly unknown[] = ['https://accounts.google.com', 'accounts.google.com']
const named = 'sub:'

/** The token came from the token endpoint itself, over TLS: that is its proof, and its signature adds nothing. */
export function accountFrom(idToken: string | null | undefined, clientId: string): string {
  const { iss, aud, sub } = claimsOf(idToken?.split('.')[1] ?? '')
  const isOurs = issuers.includes(iss) && aud === clientId
  if (!isOurs || typeof sub !== 'string' || !/^[!-~]{1,255}$/.test(sub))
    throw new ConnectorTrouble('garbage', 'there is no id_token of this app; `openid` was asked for')
  return `${named}${sub}`
}

/** Grants from before accounts had names are taken for the same: else handing one back could end the one after it. */
export const isSameAccount = (before: Tokens, after: Tokens): boolean =>
  before.account === after.account || !before.account.startsWith(named)

function claimsOf(part: string): { iss?: unknown; aud?: unknown; sub?: unknown } {
  try {
    const claims: unknown = JSON.parse(Buffer.from(part, 'base64url').toString())
    return typeof claims === 'object' && claims !== null ? claims : {}
  } catch {
    return {}
  }
}
