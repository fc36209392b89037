import { databaseTrouble, Problem, problems } from '@oo/kernel'

const sentenceLength = 200

/** Whether everything would have failed just now, so that no event is to blame. */
export function isNobodysFault(error: unknown): boolean {
  if (databaseTrouble(error)) return true
  return error instanceof Problem && [problems.away.code, problems.full.code].includes(error.code)
}

/** What went wrong, for an operator. Databases and providers quote what they were given, so only ours is kept whole. */
export function sentenceOf(error: unknown): string {
  if (error instanceof Problem) return error.title
  if (!(error instanceof Error)) return `It threw a ${typeof error}.`
  const known = databaseFacts(error) ?? databaseFacts(error.cause)
  if (known) return known
  const [line = ''] = error.message.replace(/\nparams: [\s\S]*/, '').split('\n')
  return `${error.name}: ${line}`.slice(0, sentenceLength)
}

function databaseFacts(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('severity' in error) || !('code' in error)) return undefined
  const where = ['table', 'column', 'constraint'].flatMap(name => {
    const value: unknown = Reflect.get(error, name)
    return typeof value === 'string' ? `${name} ${value}` : []
  })
  return `The database refused it (${[String(error.code), ...where].join(', ')}).`
}
