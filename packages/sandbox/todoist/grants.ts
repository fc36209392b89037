import { randomBytes, randomUUID } from 'node:crypto'
import { GrantBook, type Held } from '../grantBook.ts'
import { type Fields, textOf, wholeOf } from '../read.ts'
import { bounded, createSigned, type Signed, sameSecret } from '../signed.ts'

export type TodoistApp = { clientId: string; clientSecret: string }
export type Grant = Held & {
  scopes: string[]
  turn: number
}
export type TokenPair = {
  access_token: string
  token_type: 'Bearer'
  refresh_token: string
  expires_in: number
  scope: string
}

type Stamped = {
  kind: 'access' | 'refresh'
  email: string
  grant: string
  scope: string
  turn: number
  at: number
  until: number
}

const maxCodes = 1_000
const codeLifeMs = 10 * 60_000

/**
 * Who allowed what. A token carries its grant, signed with the client secret, so that a token of an earlier life
 * still works after a restart; what was revoked stays revoked as long as this process lives.
 */
export class Grants extends GrantBook<Grant> {
  readonly #app: TodoistApp
  readonly #signed: Signed
  readonly #lifeMs: number
  readonly #codes = new Map<string, { email: string; scopes: string[]; until: number }>()

  constructor(app: TodoistApp, now: () => Date, lifeMs: number) {
    super(now)
    this.#app = app
    this.#signed = createSigned(app.clientSecret, 'token')
    this.#lifeMs = lifeMs
  }

  isApp(id: string | undefined, secret: string | undefined): boolean {
    return id === this.#app.clientId && secret !== undefined && sameSecret(secret, this.#app.clientSecret)
  }

  code(email: string, scopes: string[]): string {
    const code = randomBytes(20).toString('hex')
    this.#codes.set(code, { email, scopes, until: this.now().getTime() + codeLifeMs })
    bounded(this.#codes, maxCodes)
    return code
  }

  /** A code is good once. */
  redeem(code: string): TokenPair | undefined {
    const found = this.#codes.get(code)
    this.#codes.delete(code)
    if (!found || found.until < this.now().getTime()) return undefined
    const grant: Grant = {
      id: randomUUID(),
      email: found.email,
      scopes: found.scopes,
      turn: 1,
      revoked: false,
      freshFrom: 0,
    }
    this.keep(grant)
    return this.#pair(grant)
  }

  /** Turns the refresh token; one that was used before shows a theft, and the whole grant ends. */
  refresh(token: string): TokenPair | undefined {
    const read = this.#read(token, 'refresh')
    if (!read) return undefined
    if (read.stamped.turn < read.grant.turn) {
      read.grant.revoked = true
      return undefined
    }
    read.grant.turn = read.stamped.turn + 1
    return this.#pair(read.grant)
  }

  /** The grant behind an access token that works now. */
  byAccess(token: string): Grant | undefined {
    const read = this.#read(token, 'access')
    return read && read.stamped.at >= read.grant.freshFrom ? read.grant : undefined
  }

  revokeToken(token: string): void {
    const read = this.#read(token, 'access') ?? this.#read(token, 'refresh')
    if (read) read.grant.revoked = true
  }

  override reset(): void {
    super.reset()
    this.#codes.clear()
  }

  #pair(grant: Grant): TokenPair {
    const at = this.givenAt(grant)
    const base = { email: grant.email, grant: grant.id, scope: grant.scopes.join(' '), turn: grant.turn, at }
    return {
      access_token: this.#sign({ ...base, kind: 'access', until: at + this.#lifeMs }),
      token_type: 'Bearer',
      refresh_token: this.#sign({ ...base, kind: 'refresh', until: at + 365 * 86_400_000 }),
      expires_in: Math.floor(this.#lifeMs / 1_000),
      scope: base.scope,
    }
  }

  #sign = (stamped: Stamped): string => this.#signed.write(stamped)

  #read(token: string, kind: Stamped['kind']): { stamped: Stamped; grant: Grant } | undefined {
    const stamped = stampedOf(this.#signed.read(token))
    if (!stamped || stamped.kind !== kind) return undefined
    if (!this.holds(stamped)) return undefined
    const { grant: id, email, turn, scope } = stamped
    const grant = this.keep({ id, email, scopes: scope.split(' '), turn, revoked: false, freshFrom: 0 })
    return grant.revoked ? undefined : { stamped, grant }
  }
}

function stampedOf(fields: Fields | undefined): Stamped | undefined {
  if (!fields) return undefined
  const [email, grant, scope] = [textOf(fields.email), textOf(fields.grant), textOf(fields.scope)]
  const [turn, at, until] = [wholeOf(fields.turn), wholeOf(fields.at), wholeOf(fields.until)]
  const kind = fields.kind === 'access' ? 'access' : fields.kind === 'refresh' ? 'refresh' : undefined
  if (!kind || !email || !grant || !scope || !turn || at === undefined || until === undefined)
    return undefined
  return { kind, email, grant, scope, turn, at, until }
}
