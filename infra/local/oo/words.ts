import { readStored } from '../envFile.ts'
import type { Env } from '../keyFingerprints.ts'
import { WrongUse } from '../refusal.ts'
import { root } from '../root.ts'
import { readSettings, type Settings, secretsFile } from '../settings.ts'

export interface Called {
  settings: Settings
  /** What `.env.local` holds, below what the process was given. */
  env: Env
}

/** How many words follow each verb. */
const verbs = {
  backup: ['FILE'],
  restore: ['FILE'],
  'keys rotate': [],
  'person export': ['ID', 'FILE'],
  'person erase': ['ID'],
  'policy list': [],
  'policy promote': ['NAME'],
  'policy rollback': ['NAME'],
  doctor: [],
} satisfies Record<string, string[]>
type Verb = keyof typeof verbs
const flagsOf: Partial<Record<Verb, string[]>> = { restore: ['[--without-ledger]'] }

/** Flags that a sentence follows. */
const saying: Partial<Record<Verb, string>> = {
  'policy promote': '--override',
  'policy rollback': '--reason',
}

const later = ['audit']
export const help = `Use: npm run oo -- <verb>
  backup FILE                 everything the database holds, in one file; also while oO runs
  restore FILE                into an empty database, oO stopped; --without-ledger when nobody was ever erased
  keys rotate                 a new master key, and everything the old ones wrapped under it; oO must be stopped
  person export ID FILE       what oO holds about a person, as they would get it themselves
  person erase ID             deletes a person everywhere, with a receipt
  policy list                 where each policy stands, and what the judge of the decision log warns of
  policy promote NAME         one step up, if its gate is open; --override "REASON" opens it, and is kept
  policy rollback NAME        down at once; --reason "REASON" is kept
  doctor                      looks at this installation and says what to do
audit verify comes with a later version.`

export function readCall(words: string[]): Called & { verb: Verb; rest: string[] } {
  const [first = '', second = ''] = words
  if (later.includes(first)) throw new WrongUse(`${first} comes with a later version of oO.\n${help}`)
  const verb = verbOf(`${first} ${second}`) ?? verbOf(first)
  if (!verb) throw new WrongUse(first === '' ? help : `oo does not know "${words.join(' ')}".\n${help}`)
  const rest = words.slice(verb.split(' ').length)
  const flag = saying[verb]
  const at = flag === undefined ? -1 : rest.indexOf(flag)
  // What is said comes last, so its own words are never taken for ours.
  const said = at < 0 ? [] : rest.slice(at)
  const others = at < 0 ? rest : rest.slice(0, at)
  const plain = others.filter(word => !word.startsWith('--'))
  const flags = others.filter(word => word.startsWith('--'))
  const flagged = flags.some(other => !flagsOf[verb]?.includes(`[${other}]`))
  const unsaid = at >= 0 && (said.length !== 2 || said[1]?.trim() === '')
  if (plain.length !== verbs[verb].length || plain.includes('') || flagged || unsaid)
    throw new WrongUse(`Use: npm run oo -- ${[verb, ...verbs[verb], ...usableFlags(verb)].join(' ')}`)
  const env = { ...readStored(secretsFile(root, process.env)), ...definedOf(process.env) }
  return { verb, rest: [...plain, ...flags, ...said], settings: readSettings([], env, root), env }
}

const usableFlags = (verb: Verb): string[] => [
  ...(flagsOf[verb] ?? []),
  ...(saying[verb] ? [`[${saying[verb]} "REASON"]`] : []),
]

const verbOf = (text: string): Verb | undefined =>
  Object.keys(verbs).find((name): name is Verb => name === text)

const definedOf = (env: Env): Env =>
  Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
