import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { completed, lockHoles } from '../completeLock.ts'
import { root } from '../root.ts'
import { runCommand } from '../runCommand.ts'
import { documentedPathProblems } from './documentedPaths.ts'
import { environmentNames, undocumentedNameProblems } from './environmentNames.ts'
import { hostProblems, secretProblems } from './hosts.ts'
import { importProblems } from './pythonImports.ts'

async function tree(t: TestContext, files: Record<string, string>): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'oo-tree-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  await runCommand('git', ['init', '-q'], { cwd: folder, withinMs: 10_000 })
  return folder
}

async function brokenRules(folder: string): Promise<string[]> {
  const tool = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs')
  const args = [
    tool,
    '--config',
    join(root, '.dependency-cruiser.cjs'),
    '--no-cache',
    '--output-type',
    'json',
    '.',
  ]
  const { output } = await runCommand(process.execPath, args, { cwd: folder, withinMs: 60_000 })
  const violations: { rule: { name: string }; from: string }[] = JSON.parse(output).summary.violations
  return violations.map(({ rule, from }) => `${rule.name} ${from}`).toSorted()
}

const good = {
  'services/auth/index.ts': "import '../../packages/kernel/index.ts'\n",
  'services/api/main.ts': "import '../auth/index.ts'\nimport '../gateway/index.ts'\n",
  'services/gateway/index.ts': "import '../../packages/shared-types/index.ts'\n",
  'services/auth/secret.ts': '',
  'services/events/bus.ts': "import '@nats-io/transport-node'\n",
  'packages/kernel/index.ts': '',
  'packages/shared-types/index.ts': '',
  'packages/sandbox/index.ts': "import '../kernel/index.ts'\n",
  'packages/sdk-js/index.ts': "import '../shared-types/index.ts'\n",
  'packages/ui/index.ts': '',
  'apps/web/page.ts': "import '../../packages/ui/index.ts'\n",
  'infra/local/index.ts': '',
  'node_modules/@nats-io/transport-node/package.json': '{"name":"@nats-io/transport-node","main":"i.js"}',
  'node_modules/@nats-io/transport-node/i.js': '',
  'package.json': '{"type":"module"}',
}

test('a tree that keeps the import table passes', async t => {
  assert.deepEqual(await brokenRules(await tree(t, good)), [])
})

test('every rule of the import table fires', async t => {
  const bad = {
    'apps/web/reach.ts': "import '../../services/auth/index.ts'\n",
    'packages/sdk-js/reach.ts': "import '../ui/index.ts'\n",
    'packages/kernel/reach.ts': "import '../shared-types/index.ts'\n",
    'services/gateway/reach.ts': "import '../auth/index.ts'\n",
    'services/profile/inside.ts': "import '../auth/secret.ts'\n",
    'services/profile/up.ts': "import '../gateway/index.ts'\n",
    'services/profile/out.ts': "import '../../infra/local/index.ts'\n",
    'services/profile/stand-in.ts': "import '../../packages/sandbox/index.ts'\n",
    'services/profile/page.ts': "import '../../packages/ui/index.ts'\n",
    'services/profile/nats.ts': "import '@nats-io/transport-node'\n",
    'services/profile/nowhere.ts': "import './missing.ts'\n",
    'services/profile/a.ts': "import './b.ts'\n",
    'services/profile/b.ts': "import './a.ts'\n",
  }
  assert.deepEqual(await brokenRules(await tree(t, { ...good, ...bad })), [
    'apps-use-sdk-ui-and-types-only apps/web/reach.ts',
    'gateway-imports-packages-only services/gateway/reach.ts',
    'imports-resolve services/profile/nowhere.ts',
    'kernel-imports-nothing-of-ours packages/kernel/reach.ts',
    'modules-do-not-know-api-or-gateway services/profile/up.ts',
    'modules-use-doors services/profile/inside.ts',
    'no-cycles services/profile/a.ts',
    'only-events-knows-nats services/profile/nats.ts',
    'packages-use-kernel-and-shared-types-only packages/sdk-js/reach.ts',
    'sandbox-is-for-demo-and-tests services/profile/stand-in.ts',
    'services-do-not-import-outward services/profile/out.ts',
    'ui-and-sdk-stay-out-of-services services/profile/page.ts',
  ])
})

test('the Python layers are kept apart', () => {
  assert.deepEqual(importProblems('ml/policy/x.py', 'import numpy\nfrom ml.features import urgency\n'), [])
  for (const [file, line] of [
    ['ml/features/x.py', 'from fastapi import FastAPI'],
    ['ml/reward/x.py', 'import asyncpg'],
    ['ml/policy/x.py', 'from ml.serving.app import build'],
    ['ml/policy/x.py', 'from ml import serving'],
    ['ml/features/x.py', 'from ml.policy import base'],
    ['ml/serving/x.py', 'import ml.pipelines.fit'],
    ['ml/experiments/x.py', 'from ml.serving import app'],
  ] as const) {
    assert.equal(importProblems(file, `${line}\n`).length, 1, `${file}: ${line}`)
  }
})

test('a README may only speak of paths and scripts that exist', async t => {
  const folder = await tree(t, {
    'package.json': '{"scripts":{"check":""}}',
    'services/auth/README.md':
      '`npm run check` `services/auth/README.md` `README.md` `npm run chekc` `services/auth/gone.ts`',
  })
  assert.deepEqual(documentedPathProblems(folder), [
    'services/auth/README.md speaks of `npm run chekc`, which package.json does not have',
    'services/auth/README.md speaks of `services/auth/gone.ts`, which does not exist',
  ])
})

test('every environment name that code reads must be explained', async t => {
  assert.deepEqual(environmentNames("env.OO_A1 'ML_URL' OO_PLAIN_CONST", false), ['OO_A1', 'ML_URL'])
  const folder = await tree(t, {
    '.env.example': '# Why.\n# OO_KNOWN=\n# Keys.\n# OO_KEK_<ID>=\n',
    'services/api/env.ts': 'const schema = {\n  OO_KNOWN: 1,\n  OO_SURPRISE: 2,\n}\nenv.OO_KEK_1\n',
  })
  assert.deepEqual(undocumentedNameProblems(folder), [
    'services/api/env.ts reads OO_SURPRISE, which .env.example does not explain',
  ])
})

test('lock files name no download address and nothing secret is committed', async t => {
  const address = ['https:', '', 'packages.example', 'x.tgz'].join('/')
  const folder = await tree(t, {
    'package-lock.json': `{\n"funding": "${address}",\n"resolved": "${address}"\n}`,
    'requirements/serving.txt': '--index-url x\n',
    '.env.production': `OO_KEK_1=${'A'.repeat(43)}=\n`,
  })
  assert.deepEqual(hostProblems(folder), [
    `package-lock.json names ${address}`,
    'requirements/serving.txt names --index-url',
  ])
  assert.deepEqual(secretProblems(folder), ['.env.production holds a master key'])
})

test('a lock with holes is found, and filled with builds that say where they run', () => {
  const packages = {
    '': {},
    'node_modules/tool': {
      version: '1.0.0',
      optionalDependencies: { '@tool/linux-x64-musl': '1.0.0', '@tool/darwin-arm64': '1.0.0' },
    },
    'node_modules/tool/node_modules/@tool/darwin-arm64': { version: '1.0.0' },
  }
  const holes = lockHoles({ packages })
  assert.deepEqual(holes, [
    {
      path: 'node_modules/@tool/linux-x64-musl',
      version: '1.0.0',
      os: ['linux'],
      cpu: ['x64'],
      libc: ['musl'],
    },
  ])
  assert.deepEqual(completed(packages, holes)['node_modules/@tool/linux-x64-musl'], {
    version: '1.0.0',
    os: ['linux'],
    cpu: ['x64'],
    libc: ['musl'],
    optional: true,
  })
})
