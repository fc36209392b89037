import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EnvError, readEnv } from './env.ts'
import { reachedFromOutside } from './reachedFromOutside.ts'

const key = Buffer.alloc(32, 7).toString('base64')
const good = {
  DATABASE_URL: 'postgresql://oo_api@/oo',
  OO_SECRET: 's'.repeat(32),
  ML_SHARED_SECRET: 'm'.repeat(32),
  OO_KEK_1: key,
  OO_KEK_ACTIVE: '1',
}

const refusal = (change: Record<string, string | undefined>): string => {
  try {
    readEnv({ ...good, ...change })
  } catch (error) {
    assert.ok(error instanceof EnvError, String(error))
    return error.message
  }
  return 'accepted'
}

test('what is missing, weak or contradictory stops the start with a sentence that names it', () => {
  assert.match(refusal({ DATABASE_URL: undefined }), /DATABASE_URL is missing/)
  assert.match(refusal({ OO_SECRET: 'short' }), /OO_SECRET is too short/)
  assert.match(refusal({ ML_SHARED_SECRET: '' }), /ML_SHARED_SECRET is missing/)
  assert.match(refusal({ ADMIN_TOKEN: 'letmein' }), /ADMIN_TOKEN is too short/)
  assert.match(refusal({ OO_KEK_1: 'abc' }), /OO_KEK_1 is not a master key/)
  assert.match(refusal({ OO_KEK_ACTIVE: '2' }), /OO_KEK_ACTIVE names no master key/)
  assert.match(refusal({ OO_API_PORT: '80a' }), /OO_API_PORT is "80a"/)
  assert.match(refusal({ OO_EVENT_RETENTION_DAYS: '0' }), /OO_EVENT_RETENTION_DAYS is "0"/)
  for (const text of ['2', '-1.5', 'nothing'])
    assert.match(refusal({ OO_DEFAULT_REWARD: text }), /OO_DEFAULT_REWARD is .*: use a number from -1 to 1/)
  for (const text of ['0.4', '75', 'half'])
    assert.match(refusal({ OO_MOST_OF_A_KIND: text }), /OO_MOST_OF_A_KIND is .*: use a number from 0.5 to 1/)
  for (const text of ['nas.lan', 'https://nas.lan:443', 'nas.lan:443/dav', 'me@nas.lan:443', '*:5232', ':80'])
    assert.match(refusal({ OO_CALDAV_INNER_HOSTS: `ok.lan:1,${text}` }), /OO_CALDAV_INNER_HOSTS names/, text)
  for (const text of [
    'web',
    '10.0.0',
    '10.0.0.0/33',
    '0.0.0.0/0',
    'fd00::/129',
    '10.0.0.0/8/8',
    'fe80::1%eth0',
    '*',
  ])
    assert.match(
      refusal({ OO_TRUSTED_PROXIES: `::1,${text}` }),
      /OO_TRUSTED_PROXIES names ".*: use addresses/,
      text,
    )
  assert.match(refusal({ OO_PUBLIC_URL: 'oo.example' }), /OO_PUBLIC_URL is "oo.example"/)
  assert.match(refusal({ OO_PUBLIC_URL: 'http://oo.example' }), /session cookies need https/)
  assert.match(refusal({ NATS_URL: 'http://nats:4222' }), /NATS_URL is no address/)
  assert.match(refusal({ NATS_URL: 'nats://127.0.0.1:4222' }), /NATS_URL names no user/)
  assert.equal(refusal({ NATS_URL: 'nats://oo:secret@127.0.0.1:4222' }), 'accepted')
  assert.match(refusal({ GOOGLE_CLIENT_ID: 'x' }), /half configured/)
  assert.match(refusal({ TODOIST_CLIENT_ID: 'x' }), /TODOIST_CLIENT_SECRET/)
  assert.match(refusal({ GOOGLE_CALENDAR_CLIENT_ID: 'x' }), /GOOGLE_CALENDAR_CLIENT_SECRET/)
  assert.match(
    refusal({
      OIDC_HOME_ISSUER: 'http://id.example',
      OIDC_HOME_CLIENT_ID: 'a',
      OIDC_HOME_CLIENT_SECRET: 'b',
    }),
    /needs https/,
  )
})

test('the demo sign-in, which lets anyone in, is refused off loopback', () => {
  const demo = {
    OIDC_DEMO_ISSUER: 'http://127.0.0.1:8090/oidc',
    OIDC_DEMO_CLIENT_ID: 'oo-demo',
    OIDC_DEMO_CLIENT_SECRET: 'x',
  }
  assert.equal(refusal(demo), 'accepted')
  assert.match(refusal({ ...demo, OO_BIND: '0.0.0.0' }), /demo sign-in lets anyone in/)
})

test('on this machine both of its names are our own addresses; elsewhere only the configured ones', () => {
  assert.deepEqual(readEnv(good).origins.slice(0, 2), ['http://127.0.0.1:3000', 'http://localhost:3000'])
  const served = {
    ...good,
    OO_PUBLIC_URL: 'https://oo.example',
    OO_ADMIN_URL: 'https://admin.oo.example',
    OO_BIND: '0.0.0.0',
  }
  assert.deepEqual(readEnv(served).origins, ['https://oo.example', 'https://admin.oo.example'])
})

test('what a process hosts is clear before it starts: nothing twice, nothing nowhere, nothing that cannot leave', () => {
  const here = { OO_MODULES: 'auth,profile,integrations,events,notifier,admin' }
  const there = { OO_REMOTE_RECOMMENDER: 'http://127.0.0.1:8081' }
  for (const [change, sentence] of [
    [{ OO_MODULES: 'auth,recommendr' }, /"recommendr", which is no module: choose from auth/],
    [{ OO_REMOTE_RECOMENDER: 'http://a' }, /OO_REMOTE_RECOMENDER names no module/],
    [{ ...there, OO_MODULES: 'recommender,auth' }, /recommender is both here and elsewhere/],
    [here, /leaves out recommender: add it there, or say where it runs/],
    [
      { ...there, OO_MODULES: 'auth,profile' },
      /leaves out integrations, events, notifier, admin: add it there\./,
    ],
    [{ OO_REMOTE_AUTH: 'http://a' }, /so it stays with them; docs\/architecture\/extraction.md/],
    [
      { OO_REMOTE_RECOMMENDER: 'recommender:8080' },
      /OO_REMOTE_RECOMMENDER is "recommender:8080": use an address/,
    ],
    [{ OO_REMOTE_RECOMMENDER: 'http://a/decide' }, /name the process alone, without a path/],
    [{ ...there, OO_SECRET: undefined }, /OO_SECRET is missing/],
  ] as const)
    assert.match(refusal(change), sentence)

  const rolesOf = (change: object) => readEnv({ ...good, ...change }).roles
  assert.deepEqual([rolesOf({}).isEdge, rolesOf({}).hosted.size], [true, 7])
  assert.deepEqual(
    [rolesOf(there).isEdge, rolesOf(there).hosted.has('recommender'), [...rolesOf(there).remote.keys()]],
    [true, false, ['recommender']],
  )
  assert.deepEqual(rolesOf({ ...here, ...there }).hosted, rolesOf(there).hosted)
  assert.equal(rolesOf({ OO_MODULES: 'recommender' }).isEdge, false)
})

test('proxies are named by address or range, and none is named by itself', () => {
  const read = (text?: string) => readEnv({ ...good, OO_TRUSTED_PROXIES: text }).trustedProxies
  assert.deepEqual(read(), [])
  assert.deepEqual(read('10.0.0.7, 10.111.79.0/24,fd00::/8,'), ['10.0.0.7', '10.111.79.0/24', 'fd00::/8'])
})

test('hosts within are read as an address names them', () => {
  const read = (text?: string) => readEnv({ ...good, OO_CALDAV_INNER_HOSTS: text }).caldavInnerHosts
  assert.deepEqual(read(), [])
  assert.deepEqual(read(' NAS.lan:443, 192.168.1.10:5232,[fd00::1]:80 ,'), [
    'nas.lan:443',
    '192.168.1.10:5232',
    '[fd00::1]:80',
  ])
})

test('Google tells of changes only where it can reach this instance; a stand-in on this machine does', () => {
  const google = { ...good, GOOGLE_CALENDAR_CLIENT_ID: 'a', GOOGLE_CALENDAR_CLIENT_SECRET: 'b' }
  const reachedAt = (change: object) => readEnv({ ...google, ...change }).googleCalendar?.reachedAt
  assert.equal(reachedAt({ OO_PUBLIC_URL: 'https://oo.example/' }), 'https://oo.example')
  assert.equal(reachedAt({ OO_PUBLIC_URL: 'https://1.1.1.1:8443' }), 'https://1.1.1.1:8443')
  const inner = [
    'oo.local',
    'oo.lan',
    'nas',
    'localhost',
    '192.168.1.7',
    '10.0.0.1:8443',
    '[fd00::1]',
    '127.0.0.1',
  ]
  for (const host of inner) assert.equal(reachedAt({ OO_PUBLIC_URL: `https://${host}` }), undefined, host)
  assert.equal(reachedAt({}), undefined)
  assert.equal(reachedFromOutside('http://oo.example'), undefined)
  const standIn = { GOOGLE_CALENDAR_BASE_URL: 'http://127.0.0.1:8090/google', OO_API_PORT: '8081' }
  assert.equal(reachedAt(standIn), 'http://127.0.0.1:8081')
  assert.equal(reachedAt({ ...standIn, OO_BIND: '192.168.1.7' }), undefined)
})
