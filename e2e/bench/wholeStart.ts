// `npm start` as a person runs it, with ports and a data folder of its own, from the command to a page that answers.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdtempSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '@oo/local'
import type { Bench } from './bench.ts'
import { root } from './processes.ts'

const stopWithinMs = 20_000
const pollMs = 20

export interface Whole {
  /** From the command to the first answer of its pages. */
  seconds: number
  pid: number
  stop(): Promise<void>
}

export const newFolder = ({ processes }: Bench): string => mkdtempSync(join(processes.folder, 'start-'))

/** All of oO, once its pages answer. */
export async function startWhole(
  { processes, signal }: Bench,
  dataDir: string,
  withinMs: number,
): Promise<Whole> {
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
      if ((await Promise.all(pages.map(answers))).every(Boolean))
        return { seconds: (performance.now() - began) / 1_000, pid: child.pid ?? 0, stop }
      await delay(pollMs)
    }
    throw new Error(
      `npm start had no page within ${withinMs / 1_000} s: ${readFileSync(logPath, 'utf8').slice(-1_000)}`,
    )
  } catch (error) {
    await stop()
    throw error
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
