import { existsSync, globSync } from 'node:fs'
import { join } from 'node:path'
import type { Check } from './check.ts'
import { toolCheck } from './check.ts'
import { documentedPathProblems } from './documentedPaths.ts'
import { undocumentedNameProblems } from './environmentNames.ts'
import { hostProblems, lockProblems, secretProblems } from './hosts.ts'
import { httpBreaks } from './http/releasedContract.ts'
import { pythonImportProblems } from './pythonImports.ts'

const sources = ['packages', 'services', 'apps', 'infra/local', 'e2e']
const typedApps = ['apps/web', 'apps/admin']

/** The slow ones first, so that the quick ones fill the gaps. */
export function allChecks(root: string): Check[] {
  const node = (name: string, script: string, args: string[]) =>
    toolCheck(name, process.execPath, [join(root, script), ...args], root)
  const cache = join(root, 'node_modules', '.cache')
  const types = (name: string, project: string) => {
    const info = join(cache, 'tsc', `${name.replace('/', '-')}.tsbuildinfo`)
    const args = ['--noEmit', '--incremental', '--tsBuildInfoFile', info, '-p', project]
    return node(`types ${name}`, 'node_modules/typescript/bin/tsc', args)
  }
  const own = (name: string, problems: (root: string) => string[]): Check => ({
    name,
    run: async () => problems(root),
  })
  const cruise = ['--config', '.dependency-cruiser.cjs', '--output-type', 'err', ...sources]
  return [
    types('services and packages', 'tsconfig.json'),
    ...typedApps
      .filter(app => existsSync(join(root, app, 'tsconfig.json')))
      .map(app => types(app, join(app, 'tsconfig.json'))),
    ...pythonChecks(root, cache),
    node('dead code', 'node_modules/knip/bin/knip.js', [
      '--no-config-hints',
      '--cache',
      '--cache-location',
      join(cache, 'knip'),
    ]),
    node('import rules', 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs', cruise),
    node('format and lint', 'node_modules/@biomejs/biome/bin/biome', [
      'check',
      '--colors=off',
      '--max-diagnostics=50',
    ]),
    ...contractChecks(root, node),
    own('Python import rules', pythonImportProblems),
    own('documented paths', documentedPathProblems),
    own('documented environment', undocumentedNameProblems),
    own('no download addresses', hostProblems),
    own('whole lock', lockProblems),
    own('no secrets', secretProblems),
  ]
}

type NodeCheck = (name: string, script: string, args: string[]) => Check

function contractChecks(root: string, node: NodeCheck): Check[] {
  const types = join(root, 'packages/shared-types')
  if (!existsSync(types)) return []
  const buf = (name: string, args: string[]) =>
    toolCheck(name, process.execPath, [join(root, 'node_modules/.bin/buf'), ...args], types)
  return [
    node('contract drift', 'packages/shared-types/generate.ts', ['--check']),
    { name: 'the HTTP contract breaks nobody', run: async () => httpBreaks(root) },
    buf('event style', ['lint']),
    buf('events break nobody', ['breaking', '--against', 'released/events.binpb']),
  ]
}

function pythonChecks(root: string, cache: string): Check[] {
  // By the environment's own Python: the programs beside it name the folder in which they were installed.
  const python = (name: string, module: string, args: string[]) =>
    toolCheck(name, join(root, '.venv', 'bin', 'python'), ['-m', module, ...args], root)
  if (globSync('ml/**/*.py', { cwd: root }).length === 0) return []
  return [
    python('types ml', 'mypy', ['--cache-dir', join(cache, 'mypy'), 'ml']),
    python('lint ml', 'ruff', ['check', '--quiet', 'ml']),
    python('format ml', 'ruff', ['format', '--check', '--quiet', 'ml']),
  ]
}
