// Where no container engine runs, this is what can be held: the schema, every path and command, every name.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { documentedNames, ensureNats, isDocumented } from '@oo/local'
import { Ajv } from 'ajv'
import { parse } from 'yaml'
import { environmentOf, readCompose, readRepository, root, type Service, startedFile } from './deployment.ts'

const compose = readCompose()
const services = Object.entries(compose.services)
const inProfile = (profile: string) =>
  services
    .filter(([, service]) => service.profiles?.includes(profile))
    .map(([name]) => name)
    .sort()

/** Names that belong to an image or a runtime and not to oO. */
const standard = new Set(['NODE_ENV', 'POSTGRES_PASSWORD', 'POSTGRES_INITDB_ARGS'])
const isExplained = (name: string) =>
  standard.has(name) || isDocumented(name, documentedNames(join(root, '.env.example')))

test('compose.yaml follows the published schema of compose files', () => {
  const { $schema, ...schema } = JSON.parse(readRepository('infra/docker/compose-spec/schema.json'))
  assert.match($schema, /draft-07/)
  const follows = new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile(schema)
  assert.ok(follows(parse(readRepository('compose.yaml'), { merge: true })), JSON.stringify(follows.errors))
  assert.ok(!follows({ services: { api: { imagee: 'oo' } } }), 'a misspelt key must be seen')
})

test('core runs without the scorer, full adds it', () => {
  assert.deepEqual(inProfile('core'), ['admin', 'api', 'migrate', 'nats', 'postgres', 'web'])
  assert.deepEqual(inProfile('full'), ['admin', 'api', 'migrate', 'ml', 'nats', 'postgres', 'web'])
  assert.ok(!Object.keys(compose.services.api?.depends_on ?? {}).includes('ml'))
})

test('apart adds the recommender: the same image and database role, its own modules, and no way in but the api', () => {
  assert.deepEqual(inProfile('apart'), ['recommender'])
  const { api, recommender } = compose.services
  assert.equal(recommender?.image, api?.image)
  assert.deepEqual(recommender?.build, api?.build)
  const { values } = environmentOf(recommender ?? {})
  assert.equal(values.get('OO_MODULES'), 'recommender')
  assert.ok(environmentOf(api ?? {}).given.includes('OO_REMOTE_RECOMMENDER'))
  for (const name of ['OO_SECRET', 'OO_KEK_1', 'DATABASE_URL', 'ML_SHARED_SECRET'])
    assert.equal(
      values.get(name)?.replace(/:\?[^}]*/, ''),
      environmentOf(api ?? {})
        .values.get(name)
        ?.replace(/:\?[^}]*/, ''),
      name,
    )
})

test('every path and command that compose names is in the repository', () => {
  for (const [name, service] of services) {
    const mounts = (service.volumes ?? []).map(volume => volume.split(':')[0] ?? '')
    const files = mounts.filter(source => source.startsWith('.'))
    const volumes = mounts.filter(source => !source.startsWith('.'))
    for (const volume of volumes) assert.ok(volume in compose.volumes, `${name}: volume ${volume}`)
    const started = startedFile(service.command ?? [])
    const named = [
      ...files,
      ...(started ? [started] : []),
      ...(service.build ? [service.build.dockerfile] : []),
    ]
    for (const path of named) assert.ok(existsSync(join(root, path)), `${name} names ${path}`)
    for (const network of service.networks ?? []) assert.ok(network in compose.networks, network)
  }
})

test('every image is pinned to a full version', () => {
  for (const [name, { image, build }] of services) {
    if (build) continue
    assert.match(image ?? '', /:\d+\.\d+(\.\d+)?-[a-z]+/, name)
  }
})

test('every environment name is explained in .env.example, and every value made from one that is', () => {
  for (const [name, service] of services) {
    const { given, values } = environmentOf(service)
    const used = [...values.values()].flatMap(value =>
      [...value.matchAll(/\$\{([A-Z0-9_]+)/g)].map(m => m[1] ?? ''),
    )
    for (const env of [...given, ...used]) assert.ok(isExplained(env), `${name} uses ${env}`)
  }
})

test('only the page servers are published, and only on loopback', () => {
  const published = services.filter(([, service]) => service.ports).map(([name]) => name)
  assert.deepEqual(published.sort(), ['admin', 'web'])
  for (const [, { ports = [] }] of services)
    for (const port of ports) assert.match(port, /^127\.0\.0\.1:\d+:\d+$/)
})

test('the api believes the page servers about whom they ask for, on every network they share, and nobody else', () => {
  const { api, ...others } = compose.services
  const shared = (api?.networks ?? []).filter(name =>
    [others.web, others.admin].some(page => page?.networks?.includes(name)),
  )
  const subnets = shared
    .flatMap(name => compose.networks[name]?.ipam?.config ?? [])
    .map(({ subnet }) => subnet)
  assert.equal(subnets.length, shared.length, 'each has an address that is known beforehand')
  const trusted = environmentOf(api ?? {}).values.get('OO_TRUSTED_PROXIES') ?? ''
  assert.deepEqual(trusted.split(','), [...subnets, `\${OO_TRUSTED_PROXIES:-}`])
})

test('what keeps data or scores has no way out of its network', () => {
  assert.equal(compose.networks.data?.internal, true)
  for (const name of ['postgres', 'nats', 'ml', 'migrate'])
    assert.deepEqual(compose.services[name]?.networks, ['data'], name)
})

test('our own containers are read-only and hold no capability', () => {
  const ours = services.filter(([, service]) => service.build)
  assert.equal(ours.length, 6)
  for (const [name, service] of ours) {
    assert.equal(service.read_only, true, name)
    assert.deepEqual(service.cap_drop, ['ALL'], name)
  }
})

test('each process is given its own database role', () => {
  const roleOf = (service: Service | undefined, name: string) =>
    /^postgresql:\/\/(\w+):/.exec(environmentOf(service ?? {}).values.get(name) ?? '')?.[1]
  assert.equal(roleOf(compose.services.api, 'DATABASE_URL'), 'oo_api')
  assert.equal(roleOf(compose.services.ml, 'OO_ML_DATABASE_URL'), 'oo_ml')
  assert.equal(roleOf(compose.services.migrate, 'OO_OWNER_DATABASE_URL'), 'oo_owner')
})

test('a power cut does not lose the stream: NATS syncs always', () => {
  assert.match(readRepository('infra/docker/nats/nats.conf'), /^\s*sync_interval: always$/m)
})

test('nobody reads the stream without the password, which the api and the scorer have', () => {
  const conf = readRepository('infra/docker/nats/nats.conf')
  assert.match(conf, /user: \$OO_NATS_USER\n\s*password: \$OO_NATS_PASSWORD/)
  const { given, values } = environmentOf(compose.services.nats ?? {})
  assert.match(values.get('OO_NATS_PASSWORD') ?? '', /^"\$\{.*\}"$/)
  assert.deepEqual(given.sort(), ['OO_NATS_PASSWORD', 'OO_NATS_USER'])
  const address = /^nats:\/\/oo:\$\{OO_NATS_PASSWORD\}@nats:4222$/
  assert.match(environmentOf(compose.services.api ?? {}).values.get('NATS_URL') ?? '', address)
  assert.match(environmentOf(compose.services.ml ?? {}).values.get('OO_ML_NATS_URL') ?? '', address)
})

test('the server takes its configuration, and not without a password', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'oo-nats-conf-'))
  const binary = await ensureNats()
  const conf = readRepository('infra/docker/nats/nats.conf').replace(
    'store_dir: /data',
    `store_dir: ${JSON.stringify(folder)}`,
  )
  const path = join(folder, 'nats.conf')
  writeFileSync(path, conf)
  const check = (env: Record<string, string>) =>
    spawnSync(binary, ['-t', '--config', path], { env, encoding: 'utf8', timeout: 10_000 })
  const whole = check({ OO_NATS_USER: 'oo', OO_NATS_PASSWORD: '"123456"' })
  const without = check({})
  rmSync(folder, { recursive: true, force: true })
  assert.equal(whole.status, 0, whole.stderr)
  assert.notEqual(without.status, 0)
  assert.match(without.stderr, /OO_NATS_/)
})

test('the proxy sends to the published ports and reads explained names only', () => {
  const caddyfile = readRepository('infra/caddy/Caddyfile')
  const upstreams = [...caddyfile.matchAll(/reverse_proxy (\S+)/g)].map(match => match[1] ?? '')
  const published = services.flatMap(([, { ports = [] }]) => ports.map(port => port.replace(/:\d+$/, '')))
  assert.deepEqual(upstreams.sort(), published.sort())
  const names = [...caddyfile.matchAll(/\{\$([A-Z0-9_]+)\}/g)].map(match => match[1] ?? '')
  assert.deepEqual(names, ['OO_PUBLIC_URL', 'OO_ADMIN_URL'])
  for (const name of names) assert.ok(isExplained(name), name)
  assert.equal(caddyfile.split('{').length, caddyfile.split('}').length, 'braces come in pairs')
})
