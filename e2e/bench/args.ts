import { parseArgs } from 'node:util'

export const measures = ['P1', 'P3', 'P4', 'P5', 'P6', 'P7', 'P8', 'P9', 'P10', 'P12', 'P13'] as const
export type MeasureId = (typeof measures)[number]

export interface Args {
  wanted: MeasureId[]
  /** Length of one lap; the figures of record are made with 10. */
  seconds: number
  /** How many people the largest store of P9 holds. */
  people: number
  /** Also the VW daemon, which listens on all addresses of this machine. */
  vw: boolean
  json: string | undefined
}

/** Wrong flags: a sentence and exit code 2. */
export class WrongUse extends Error {}

export const recordSeconds = 10
const usualPeople = 100_000

export function readArgs(argv: string[]): Args {
  const { values, positionals } = parse(argv)
  const wanted = positionals.map(name => {
    const known = measures.find(id => id === name.toUpperCase())
    if (!known) throw new WrongUse(`The bench does not know "${name}"; it measures ${measures.join(', ')}.`)
    return known
  })
  const seconds = Number(values.seconds ?? recordSeconds)
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > 600)
    throw new WrongUse(`--seconds is "${values.seconds}": give it a whole number from 1 to 600.`)
  const people = Number(values.people ?? usualPeople)
  if (!Number.isInteger(people) || people < 10_000 || people > 1_000_000)
    throw new WrongUse(`--people is "${values.people}": give it a whole number from 10000 to 1000000.`)
  return {
    wanted: measures.filter(id => wanted.length === 0 || wanted.includes(id)),
    seconds,
    people,
    vw: values.vw ?? false,
    json: values.json,
  }
}

function parse(argv: string[]) {
  try {
    return parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        ...{ json: { type: 'string' }, seconds: { type: 'string' }, people: { type: 'string' } },
        vw: { type: 'boolean' },
      },
    })
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new WrongUse(
      `${why} Use: npm run bench -- [--json FILE] [--seconds N] [--people N] [--vw] [${measures.join(' ')}]`,
    )
  }
}
