// P12: `npm start` with everything installed and built, from the command to a page that answers and an api that is
// ready; first in an empty data folder (database and schema are made), then again in the same one.
import { rounds } from './alternate.ts'
import type { Bench } from './bench.ts'
import { startBare } from './peers/start.ts'
import { bar, type Row, significant } from './row.ts'
import { median, medianRatio } from './statistics.ts'
import { newFolder, startWhole } from './wholeStart.ts'

const must = 15
const goal = 6
const readyWithinMs = 120_000
/** The unmeasured first start may have to build the pages. */
const buildWithinMs = 600_000

export async function measureStartUp(bench: Bench): Promise<Row[]> {
  bench.say('… P12: one start that is not measured builds what is missing')
  await startOnce(bench, newFolder(bench), buildWithinMs)
  const [first, again, bare]: [number[], number[], number[]] = [[], [], []]
  for (let round = 0; round < rounds; round++) {
    bench.say(`… P12: bare, first, again (${round + 1} of ${rounds})`)
    bare.push(await startBareOnce(bench))
    const folder = newFolder(bench)
    first.push(await startOnce(bench, folder, readyWithinMs))
    again.push(await startOnce(bench, folder, readyWithinMs))
  }
  const row = (what: string, laps: number[]): Row => {
    const seconds = median(laps)
    const within = (limit: number) => bar({ text: `≤ ${limit} s`, met: seconds <= limit })
    return {
      id: 'P12',
      what,
      figure: `${seconds.toFixed(1)} s`,
      ratio: `${significant(medianRatio(laps, bare))} × bare start`,
      must: within(must),
      goal: within(goal),
      laps: { bare, oO: laps },
      notes: [],
    }
  }
  return [
    row('npm start → page answers, empty data folder', first),
    row('npm start → page answers, again', again),
  ]
}

async function startBareOnce({ processes }: Bench): Promise<number> {
  const began = performance.now()
  const bare = await startBare(processes)
  const seconds = (performance.now() - began) / 1_000
  await bare.stop()
  return seconds
}

/** Starts all of oO, waits for its pages, stops it; answers the seconds until they answered. */
async function startOnce(bench: Bench, dataDir: string, withinMs: number): Promise<number> {
  const whole = await startWhole(bench, dataDir, withinMs)
  await whole.stop()
  return whole.seconds
}
