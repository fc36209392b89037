// Which modules this process hosts and where the others are. Extraction is this switch: OO_MODULES names what runs
// here, OO_REMOTE_<MODULE> where a module runs instead (docs/architecture/extraction.md).
import { address, EnvError, type Source } from './envValues.ts'

export const moduleNames = [
  'auth',
  'profile',
  'integrations',
  'events',
  'recommender',
  'notifier',
  'admin',
] as const
export type ModuleName = (typeof moduleNames)[number]

/** Modules that no other module calls, so that a network may lie between them and the rest. */
const separable: readonly ModuleName[] = ['recommender']

export interface Roles {
  /** An edge serves people and has every module, here or remote; anything else serves its modules to an edge. */
  isEdge: boolean
  hosted: ReadonlySet<string>
  remote: ReadonlyMap<string, string>
}

export const allInOne: Roles = { isEdge: true, hosted: new Set(moduleNames), remote: new Map() }

export function readRoles(source: Source): Roles {
  const remote = remotesOf(source)
  const named = source.OO_MODULES ? source.OO_MODULES.split(',').map(name => moduleNamed(name.trim())) : null
  const hosted = new Set<ModuleName>(named ?? moduleNames.filter(name => !remote.has(name)))
  for (const name of remote.keys())
    if (hosted.has(name))
      throw new EnvError(
        `${name} is both here and elsewhere: take it out of OO_MODULES, or unset ${variableOf(name)}.`,
      )
  if ([...hosted].every(name => separable.includes(name))) return { isEdge: false, hosted, remote }
  const missing = moduleNames.filter(name => !hosted.has(name) && !remote.has(name))
  if (missing.length > 0)
    throw new EnvError(
      `OO_MODULES leaves out ${missing.join(', ')}: add it there${missing.some(name => separable.includes(name)) ? ', or say where it runs in OO_REMOTE_<MODULE>' : ''}.`,
    )
  return { isEdge: true, hosted, remote }
}

function moduleNamed(text: string): ModuleName {
  const name = moduleNames.find(known => known === text)
  if (!name)
    throw new EnvError(
      `OO_MODULES names "${text}", which is no module: choose from ${moduleNames.join(', ')}.`,
    )
  return name
}

const variableOf = (name: ModuleName): string => `OO_REMOTE_${name.toUpperCase()}`

function remotesOf(source: Source): Map<ModuleName, string> {
  const remotes = new Map<ModuleName, string>()
  for (const [variable, value] of Object.entries(source)) {
    if (!variable.startsWith('OO_REMOTE_') || !value) continue
    const name = moduleNames.find(known => variableOf(known) === variable)
    if (!name)
      throw new EnvError(
        `${variable} names no module: choose from ${moduleNames.map(variableOf).join(', ')}.`,
      )
    if (!separable.includes(name))
      throw new EnvError(
        `${variable}: other modules call ${name} inside their transactions, so it stays with them; docs/architecture/extraction.md says what it would take.`,
      )
    const url = address(variable, value)
    if (new URL(url).pathname !== '/')
      throw new EnvError(`${variable} is "${value}": name the process alone, without a path.`)
    remotes.set(name, url)
  }
  return remotes
}
