import { parseArgs } from 'node:util'

export interface Args {
  wanted: string[]
  full: boolean
  json: string | undefined
}

/** Wrong flags: a sentence and exit code 2. */
export class WrongUse extends Error {}

/** `known`: the ids there are, in the order in which they run. */
export function readArgs(argv: string[], known: readonly string[]): Args {
  const { values, positionals } = parse(argv, known)
  const wanted = new Set(positionals.map(name => name.toUpperCase()))
  for (const id of wanted)
    if (!known.includes(id))
      throw new WrongUse(`There is no proof "${id}"; there are ${known.join(', ')}. ${usage(known)}`)
  return {
    wanted: known.filter(id => wanted.size === 0 || wanted.has(id)),
    full: values.full ?? false,
    json: values.json,
  }
}

const usage = (known: readonly string[]) =>
  `Use: npm run proofs -- [${known.join(' ')}] [--full] [--json FILE]`

function parse(argv: string[], known: readonly string[]) {
  try {
    return parseArgs({
      args: argv,
      allowPositionals: true,
      options: { full: { type: 'boolean' }, json: { type: 'string' } },
    })
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new WrongUse(`${why} ${usage(known)}`)
  }
}
