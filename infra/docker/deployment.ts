// compose.yaml as the checks of this folder read it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

export const root = join(import.meta.dirname, '../..')
export const readRepository = (path: string): string => readFileSync(join(root, path), 'utf8')

export interface Service {
  image?: string
  profiles?: string[]
  build?: { context: string; dockerfile: string }
  command?: string[]
  environment?: string[] | Record<string, string | number>
  ports?: string[]
  volumes?: string[]
  networks?: string[]
  depends_on?: Record<string, { condition: string }>
  healthcheck?: { test: string[] }
  read_only?: boolean
  cap_drop?: string[]
}

export interface Compose {
  services: Record<string, Service>
  volumes: Record<string, unknown>
  networks: Record<string, { internal?: boolean; ipam?: { config: { subnet: string }[] } } | null>
}

/** The file with its merges applied; its shape is what the schema test has proven. */
export const readCompose = (): Compose => parse(readRepository('compose.yaml'), { merge: true })

/** The names that a service is given, and the ones that its values are made from. */
export function environmentOf(service: Service): { given: string[]; values: Map<string, string> } {
  const { environment = {} } = service
  const pairs = Array.isArray(environment)
    ? environment.map((entry): [string, string] => {
        const [name = '', ...value] = entry.split('=')
        return [name, value.join('=')]
      })
    : Object.entries(environment).map(([name, value]): [string, string] => [name, String(value)])
  return { given: pairs.map(([name]) => name), values: new Map(pairs) }
}

/** The files of the repository that a command such as `node services/api/main.ts` starts. */
export function startedFile([program, first = '', second = '']: string[]): string | undefined {
  if (program === 'node') return first
  if (program === 'python' && first === '-m') return `${second.replaceAll('.', '/')}/__main__.py`
  return undefined
}
