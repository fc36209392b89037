// P8: choosing and learning a reward, ours against other people's bandits, in the lab's environment.
import { join } from 'node:path'
import type { Bench } from './bench.ts'
import { labPython, needsLab } from './peers/start.ts'
import { at, numberAt, numbersAt, printedBy } from './pythonJson.ts'
import { bar, type Row, significant } from './row.ts'
import { median, medianRatio } from './statistics.ts'

const ours = 'hb_ts'
const must = 3
const goal = 5
const perContenderSeconds = 2
const withinMs = 600_000

export async function measureLearners(bench: Bench): Promise<Row[]> {
  const python = labPython()
  const what = 'choose and learn against other bandits'
  if (!python) return [{ id: 'P8', what, ...notRun, laps: {}, notes: [] }]
  bench.say('… P8: hb_ts and other bandits in turns')
  const seconds = String(Math.min(perContenderSeconds, bench.seconds))
  const program = join(import.meta.dirname, 'peers/learners.py')
  const printed = await printedBy(bench, python, [program, seconds], withinMs)
  const names = Object.keys(Object(at(printed, 'us')))
  const us = new Map(names.map(name => [name, numbersAt(printed, 'us', name)]))
  const own = us.get(ours) ?? []
  const peers = names.filter(name => name !== ours)
  const ratios = peers.map(name => medianRatio(us.get(name) ?? [], own))
  const slowest = Math.min(...ratios)
  return [
    {
      id: 'P8',
      what: `choose and learn, ${numberAt(printed, 'candidates')} candidates of ${numberAt(printed, 'columns')} columns`,
      figure: `${significant(median(own))} µs`,
      ratio: `${significant(slowest)} × the quickest of the others`,
      must: bar({ text: `≥ ${must} × each`, met: slowest >= must }),
      goal: bar({ text: `≥ ${goal} × each`, met: slowest >= goal }),
      laps: Object.fromEntries(us),
      notes: peers.map(
        (name, at) =>
          `${name} ${significant(median(us.get(name) ?? []))} µs: ${significant(ratios[at] ?? 0)} × as long`,
      ),
    },
  ]
}

const unknown = { text: `not run: ${needsLab}`, met: false }
const notRun = { figure: '–', ratio: '–', must: unknown, goal: unknown }
