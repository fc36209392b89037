import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { GrantBook, type Held } from '../grantBook.ts'
import { type Fields, textOf, textsOf, wholeOf } from '../read.ts'
import { bounded, createSigned, type Signed, sameSecret } from '../signed.ts'
import { idTokenOf } from './id-token.ts'
import { openid } from './scopes.ts'

export type GoogleApp = { clientId: string; clientSecret: string }
export type Grant = Held & {
  scopes: string[]
  offline: boolean
  refreshes: number
}
export type Asked = {
  email: string
  scopes: string[]
  redirectUri: string
  /** Whether a refresh token comes with it. */
  offline: boolean
  challenge: { value: string; method: 'S256' | 'plain' } | null
}
export type Refused = { error: string; error_description: string }

const maxCodes = 1_000
const codeLifeMs = 10 * 60_000
const prefixes = { access: 'ya29.', refresh: '1//' }
type Kind = keyof typeof prefixes

const refused = (error_description: string): Refused => ({ error: 'invalid_grant', error_description })
export const isRefused = (answer: Fields | Refused): answer is Refused => 'error' in answer

/**
 * Who allowed what. A token carries its grant, signed with the client secret, and outlives a restart. A refresh token
 * stays the same however often it is used; revoking one token ends all that this person gave the app.
 */
export class Grants extends GrantBook<Grant> {
  readonly #app: GoogleApp
  readonly #signed: Signed
  readonly #lifeMs: number
  readonly #codes = new Map<string, Asked & { until: number }>()

  constructor(app: GoogleApp, now: () => Date, lifeMs: number) {
    super(now)
    this.#app = app
    this.#signed = createSigned(app.clientSecret, 'google token')
    this.#lifeMs = lifeMs
  }

  isClient = (id: string | undefined): boolean => id === this.#app.clientId

  isApp(id: string | undefined, secret: string | undefined): boolean {
    return this.isClient(id) && secret !== undefined && sameSecret(secret, this.#app.clientSecret)
  }

  code(asked: Asked): string {
    const code = `4/0${randomBytes(32).toString('base64url')}`
    this.#codes.set(code, { ...asked, until: this.now().getTime() + codeLifeMs })
    bounded(this.#codes, maxCodes)
    return code
  }

  /** A code is good once, for the address and the verifier it was asked with. */
  redeem(code: string, redirectUri: string | undefined, verifier: string | undefined): Fields | Refused {
    const found = this.#codes.get(code)
    this.#codes.delete(code)
    if (!found || found.until < this.now().getTime()) return refused('Malformed auth code.')
    if (redirectUri !== found.redirectUri) {
      return { error: 'redirect_uri_mismatch', error_description: 'Bad Request' }
    }
    if (found.challenge) {
      if (verifier === undefined) return refused('Missing code verifier.')
      const hashed = createHash('sha256').update(verifier).digest('base64url')
      const proof = found.challenge.method === 'S256' ? hashed : verifier
      if (proof !== found.challenge.value) return refused('Invalid code verifier.')
    }
    const { email, scopes, offline } = found
    const grant = { id: randomUUID(), email, scopes, offline, refreshes: 0, revoked: false, freshFrom: 0 }
    this.keep(grant)
    return { ...this.#access(grant), ...(offline && { refresh_token: this.#write('refresh', grant, null) }) }
  }

  refresh(token: string): Fields | Refused {
    const grant = this.#read(token, 'refresh')?.grant
    if (!grant) return refused('Token has been expired or revoked.')
    grant.refreshes += 1
    return this.#access(grant)
  }

  /** The grant behind an access token that works now. */
  byAccess(token: string): { grant: Grant; until: number } | undefined {
    const read = this.#read(token, 'access')
    return read && read.at >= read.grant.freshFrom ? read : undefined
  }

  revokeToken(token: string): boolean {
    const read = this.#read(token, 'access') ?? this.#read(token, 'refresh')
    if (read) this.revokeAll(read.grant.email)
    return read !== undefined
  }

  override reset(): void {
    super.reset()
    this.#codes.clear()
  }

  #access(grant: Grant): Fields {
    return {
      access_token: this.#write('access', grant, this.#lifeMs),
      expires_in: Math.max(1, Math.floor(this.#lifeMs / 1_000) - 1),
      scope: grant.scopes.join(' '),
      token_type: 'Bearer',
      ...(grant.scopes.includes(openid) && {
        id_token: idTokenOf(this.#app, { email: grant.email, now: this.now(), lifeMs: this.#lifeMs }),
      }),
    }
  }

  #write(kind: Kind, grant: Grant, lifeMs: number | null): string {
    const { id, email, scopes, offline } = grant
    const at = this.givenAt(grant)
    const until = lifeMs === null ? Number.MAX_SAFE_INTEGER : at + lifeMs
    return `${prefixes[kind]}${this.#signed.write({ kind, id, email, scopes, offline, at, until })}`
  }

  #read(token: string, kind: Kind): { grant: Grant; at: number; until: number } | undefined {
    if (!token.startsWith(prefixes[kind])) return undefined
    const fields = this.#signed.read(token.slice(prefixes[kind].length))
    const [id, email] = [textOf(fields?.id), textOf(fields?.email)]
    const [at, until] = [wholeOf(fields?.at), wholeOf(fields?.until)]
    if (!fields || !id || !email || at === undefined || until === undefined || fields.kind !== kind)
      return undefined
    if (!this.holds({ at, until })) return undefined
    const grant = this.keep({
      id,
      email,
      scopes: textsOf(fields.scopes),
      offline: fields.offline === true,
      refreshes: 0,
      revoked: false,
      freshFrom: 0,
    })
    return grant.revoked ? undefined : { grant, at, until }
  }
}
