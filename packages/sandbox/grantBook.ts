import { bounded } from './signed.ts'

export type Held = { id: string; email: string; revoked: boolean; freshFrom: number }

const maxGrants = 20_000

/** Who allowed what at one provider; how its tokens are written and what ends a grant is the provider's own. */
export class GrantBook<Grant extends Held> {
  protected readonly now: () => Date
  readonly #grants = new Map<string, Grant>()
  #since = 0

  constructor(now: () => Date) {
    this.now = now
  }

  live(email: string): Grant[] {
    return [...this.#grants.values()].filter(grant => grant.email === email && !grant.revoked)
  }

  /** As if an hour had passed: access tokens given out so far are refused, refresh tokens still work. */
  expireAccess(email: string): number {
    const grants = this.live(email)
    for (const grant of grants) grant.freshFrom = this.now().getTime() + 1
    return grants.length
  }

  revokeAll(email: string): number {
    const grants = this.live(email)
    for (const grant of grants) grant.revoked = true
    return grants.length
  }

  /** Every token given out until now is refused from here on. */
  reset(): void {
    this.#grants.clear()
    this.#since = this.now().getTime() + 1
  }

  /** The grant of that id: the one that is known, else this one, of an earlier life. */
  protected keep(grant: Grant): Grant {
    const known = this.#grants.get(grant.id)
    if (known) return known
    this.#grants.set(grant.id, grant)
    bounded(this.#grants, maxGrants)
    return grant
  }

  /** When a token of this grant is given out, so that it is not refused. */
  protected givenAt = (grant: Grant): number => Math.max(this.now().getTime(), this.#since, grant.freshFrom)

  protected holds = (token: { at: number; until: number }): boolean =>
    token.until > this.now().getTime() && token.at >= this.#since
}
