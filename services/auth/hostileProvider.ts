// A provider for tests that lies: it answers with the ID token it is told to, signed by any key.
import { createHmac, generateKeyPairSync, sign } from 'node:crypto'
import { createServer } from 'node:http'

const good = generateKeyPairSync('rsa', { modulusLength: 2048 })
export const foreignKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

export type Lie = (token: {
  header: Record<string, unknown>
  claims: Record<string, unknown>
}) => { key?: typeof foreignKey; hmac?: string; unsigned?: boolean; none?: boolean } | undefined

export async function startHostileProvider() {
  let issuer = ''
  let lie: Lie = () => undefined
  let nonce = ''
  const idToken = () => {
    const now = Math.floor(Date.now() / 1_000)
    const token = {
      header: { alg: 'RS256', kid: 'k' },
      claims: {
        iss: issuer,
        aud: 'oo',
        sub: 'ada',
        nonce,
        iat: now,
        exp: now + 300,
        email: 'ada@example.test',
        name: 'A',
      },
    }
    const how = lie(token) ?? {}
    if (how.none) return undefined
    const body = `${part(token.header)}.${part(token.claims)}`
    if (how.unsigned) return `${body}.`
    const signature = how.hmac
      ? createHmac('sha256', how.hmac).update(body).digest()
      : sign('sha256', Buffer.from(body), how.key ?? good.privateKey)
    return `${body}.${signature.toString('base64url')}`
  }
  const answers: Record<string, () => object> = {
    '/.well-known/openid-configuration': () => ({
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/jwks`,
      response_types_supported: ['code'],
      id_token_signing_alg_values_supported: ['RS256'],
    }),
    '/jwks': () => ({
      keys: [{ ...good.publicKey.export({ format: 'jwk' }), kid: 'k', alg: 'RS256', use: 'sig' }],
    }),
    '/token': () => ({ access_token: 'a', token_type: 'bearer', id_token: idToken() }),
  }
  const server = createServer((request, response) => {
    const answer = answers[request.url ?? '']
    response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' })
    response.end(JSON.stringify(answer?.() ?? {}))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  issuer = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
  return {
    issuer,
    publicPem: good.publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    answerWith(next: { nonce: string; lie: Lie }) {
      lie = next.lie
      nonce = next.nonce
    },
    async stop() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
