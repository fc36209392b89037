import { join } from 'node:path'
import { documentedNames, isDocumented } from '../documentedNames.ts'
import { readText, repositoryFiles } from './trackedFiles.ts'

const families =
  'OO|ML|NATS|ADMIN|GOOGLE|APPLE|OIDC|TODOIST|VAPID|SMTP|LITELLM|OLLAMA|JUDGE|MLFLOW|PREFECT|DATABASE'
// Names are read as `env.NAME`, listed as a quoted 'NAME', or keys of a schema `NAME:`.
const mention = new RegExp(`(?:[eE]nv\\.|['"])((?:${families})_[A-Z0-9_]*[A-Z0-9])\\b(?!['"]?\\s*\\()`, 'g')
const key = new RegExp(`^\\s*((?:${families})_[A-Z0-9_]*[A-Z0-9])\\??:`, 'gm')

/** Environment names that the code reads and that `.env.example` does not explain. */
export function undocumentedNameProblems(root: string): string[] {
  const documented = documentedNames(join(root, '.env.example'))
  const files = repositoryFiles(root, /^(services|packages|apps|infra|ml)\/.*\.(ts|tsx|mjs|py)$/).filter(
    path => !/(\.test\.ts|(^|\/)test_\w+\.py|conftest\.py)$/.test(path) && !/\/gen\//.test(path),
  )
  const problems = files.flatMap(file => {
    const names = environmentNames(readText(root, file), /(^|\/)(env|settings)\.(ts|py)$/.test(file))
    return names
      .filter(name => !isDocumented(name, documented))
      .map(name => `${file} reads ${name}, which .env.example does not explain`)
  })
  return [...new Set(problems)]
}

/** The environment names in a source; in a file that validates the environment, object keys are names too. */
export function environmentNames(source: string, validates: boolean): string[] {
  const found = [...source.matchAll(mention), ...(validates ? source.matchAll(key) : [])].map(
    match => match[1] ?? '',
  )
  return [...new Set(found)]
}
