import { readText, repositoryFiles } from './trackedFiles.ts'

type Rule = { from: RegExp; forbidden: RegExp; why: string }

const drivers = ['fastapi', 'starlette', 'uvicorn', 'asyncpg', 'psycopg', 'sqlalchemy']
const rules: Rule[] = [
  {
    from: /^ml\/(features|policy|reward)\//,
    forbidden: new RegExp(
      `^(${drivers.join('|')}|ml\\.(serving|pipelines|experiments|state|registry|evaluate))(\\.|$)`,
    ),
    why: 'features, policy and reward are mathematics: no web server, no database, nothing above them',
  },
  {
    from: /^ml\/features\//,
    forbidden: /^ml\.(policy|reward)(\.|$)/,
    why: 'features stand below policies and rewards',
  },
  {
    from: /^ml\/serving\//,
    forbidden: /^ml\.(pipelines|experiments)(\.|$)/,
    why: 'serving, pipelines and experiments never meet',
  },
  {
    from: /^ml\/pipelines\//,
    forbidden: /^ml\.(serving|experiments)(\.|$)/,
    why: 'serving, pipelines and experiments never meet',
  },
  {
    from: /^ml\/experiments\//,
    forbidden: /^ml\.(serving|pipelines)(\.|$)/,
    why: 'serving, pipelines and experiments never meet',
  },
  { from: /^ml\//, forbidden: /^ml\.notebooks(\.|$)/, why: 'notebooks are never imported' },
]

/** The import table for Python: which layer of ml may know which. */
export function pythonImportProblems(root: string): string[] {
  return repositoryFiles(root, /^ml\/.*\.py$/).flatMap(file => importProblems(file, readText(root, file)))
}

export function importProblems(file: string, source: string): string[] {
  // Imports under TYPE_CHECKING count too: a type is knowledge.
  const imported = [...source.matchAll(/^\s*(?:from\s+([\w.]+)\s+import|import\s+([\w.]+))/gm)].map(
    match => match[1] ?? match[2] ?? '',
  )
  const merged = [...source.matchAll(/^\s*from\s+ml\s+import\s+([\w, ]+)/gm)].flatMap(match =>
    (match[1] ?? '').split(',').map(name => `ml.${name.trim()}`),
  )
  return [...imported, ...merged].flatMap(name =>
    rules
      .filter(rule => rule.from.test(file) && rule.forbidden.test(name))
      .map(rule => `${file} imports ${name}: ${rule.why}`),
  )
}
