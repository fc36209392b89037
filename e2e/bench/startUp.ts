// P12: `npm start` with everything installed and built, from the command to a page that answers and an api that is
// ready; first in an empty data folder (database and schema are made), then again in the same one.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdtempSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '@oo/local'
import { rounds } from './alternate.ts'
import type { Bench } from './bench.ts'
import { startBare } from './peers/start.ts'
import { root } from './processes.ts'
import { bar, type Row, significant } from './row.ts'
import { median, medianRatio } from './statistics.ts'

const must = 15
const goal = 6
const readyWithinMs = 120_000
/** The unmeasured first start may have to build the pages. */
const buildWithinMs = 600_000
const stopWithinMs = 20_000
const pollMs = 20

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

const newFolder = ({ processes }: Bench): string => mkdtempSync(join(processes.folder, 'start-'))

async function startBareOnce({ processes }: Bench): Promise<number> {
  const began = performance.now()
  const bare = await startBare(processes)
  const seconds = (performance.now() - began) / 1_000
  await bare.stop()
  return seconds
}

/** Starts all of oO, waits for its pages, stops it; answers the seconds until they answered. */
async function startOnce({ processes, signal }: Bench, dataDir: string, withinMs: number): Promise<number> {
  const ports = { web: await freePort(), admin: await freePort(), api: await freePort() }
  const more = { OO_ML_PORT: String(await freePort()), OO_SANDBOX_PORT: String(await freePort()) }
  const env = {
    ...process.env,
    ...more,
    OO_DATA_DIR: dataDir,
    OO_DEMO: '1',
    OO_WEB_PORT: String(ports.web),
    OO_ADMIN_PORT: String(ports.admin),
    OO_API_PORT: String(ports.api),
  }
  const logPath = join(processes.folder, 'start.log')
  const log = openSync(logPath, 'w')
  signal.throwIfAborted()
  const began = performance.now()
  const child = spawn(process.execPath, [join(root, 'infra/local/start.mjs'), '--no-open'], {
    cwd: root,
    env,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  const exited = once(child, 'exit')
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGTERM')
    const stopped = await Promise.race([exited, delay(stopWithinMs, undefined, { ref: false })])
    if (!stopped) throw new Error(`npm start did not stop within ${stopWithinMs / 1_000} s of SIGTERM.`)
  }
  processes.keep(stop)
  const pages = [`http://127.0.0.1:${ports.web}/sign-in`, `http://127.0.0.1:${ports.api}/health/ready`]
  try {
    while (performance.now() - began < withinMs) {
      signal.throwIfAborted()
      if (child.exitCode !== null)
        throw new Error(
          `npm start ended with code ${child.exitCode}: ${readFileSync(logPath, 'utf8').slice(-1_000)}`,
        )
      if ((await Promise.all(pages.map(answers))).every(Boolean)) return (performance.now() - began) / 1_000
      await delay(pollMs)
    }
    throw new Error(
      `npm start had no page within ${withinMs / 1_000} s: ${readFileSync(logPath, 'utf8').slice(-1_000)}`,
    )
  } finally {
    await stop()
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(2_000) })
    await answer.arrayBuffer()
    return answer.status === 200
  } catch {
    return false
  }
}
