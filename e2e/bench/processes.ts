// Everything the bench starts is registered here, so that it ends with the bench: at the end, on a failure, on Ctrl-C.
import { join } from 'node:path'
import { freePort, startChild, waitUntilReady } from '@oo/local'

export const root = join(import.meta.dirname, '../..')
const readyWithinMs = 60_000

export interface Started {
  port: number
  url: string
  pid: number
  stop(): Promise<void>
}

export interface ProcessToStart {
  name: string
  command: string
  /** A free one, unless somebody had to know it before. */
  port?: number
  /** Given the port it shall listen on. */
  args(port: number): string[]
  env?: (port: number) => Record<string, string>
  readyPath: string
}

export interface Processes {
  /** A scratch folder of this run. */
  folder: string
  start(process: ProcessToStart): Promise<Started>
  /** To be stopped in its turn: the last kept goes first. */
  keep(stop: () => unknown): void
  /** Something that takes a while to open; a bench that is stopped meanwhile waits for it and stops it too. */
  open<T>(opening: Promise<T>, stop: (opened: T) => unknown): Promise<T>
  stopAll(): Promise<void>
}

export function openProcesses(folder: string, signal: AbortSignal): Processes {
  const stops: (() => unknown)[] = []
  const openings = new Set<Promise<unknown>>()
  return {
    folder,
    keep: stop => void stops.push(stop),
    async open(opening, stop) {
      openings.add(opening)
      const opened = await opening
      stops.push(() => stop(opened))
      return opened
    },
    async start({ name, command, args, env, readyPath, port: wanted }) {
      const port = wanted ?? (await freePort())
      signal.throwIfAborted()
      const url = `http://127.0.0.1:${port}`
      const plan = {
        name,
        command,
        args: args(port),
        cwd: root,
        env: { PATH: process.env.PATH, ...env?.(port) },
        readyUrl: url + readyPath,
        readyWithinMs,
        after: [],
      }
      const log = join(folder, `${name}.log`)
      const child = startChild(plan, log)
      stops.push(() => child.stop())
      await waitUntilReady(plan, child, log, signal)
      return { port, url, pid: child.identity.pid, stop: () => child.stop() }
    },
    async stopAll() {
      await Promise.allSettled(openings)
      for (let stop = stops.pop(); stop; stop = stops.pop()) {
        try {
          await stop()
        } catch (error) {
          console.error(`Something did not stop: ${error instanceof Error ? error.message : error}`)
        }
      }
    },
  }
}
