import { spawn } from 'node:child_process'
import { signal } from './processIdentity.ts'

export type CommandResult = { code: number; output: string; timedOut: boolean }
export type CommandOptions = {
  cwd: string
  withinMs: number
  env?: NodeJS.ProcessEnv
  /** Called with output as it comes; without it the output is only collected. */
  onOutput?: (text: string) => void
  signal?: AbortSignal
  /** Aborted, it is asked by SIGTERM first and has this long to stop what it started; without it, it is killed. */
  graceMs?: number
}

const keptCharacters = 200_000

/** Runs a command to its end in its own process group, which is killed when the time is up or the caller aborts. */
export function runCommand(command: string, args: string[], options: CommandOptions): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    const group = child.pid
    let output = ''
    let timedOut = false
    const collect = (chunk: string) => {
      output = (output + chunk).slice(-keptCharacters)
      options.onOutput?.(chunk)
    }
    child.stdout.setEncoding('utf8').on('data', collect)
    child.stderr.setEncoding('utf8').on('data', collect)
    const kill = () => {
      if (group) signal(-group, 'SIGKILL')
    }
    const timer = setTimeout(() => {
      timedOut = true
      kill()
    }, options.withinMs)
    let grace: NodeJS.Timeout | undefined
    const abort = () => {
      if (!options.graceMs || !group) return kill()
      signal(group, 'SIGTERM')
      grace = setTimeout(kill, options.graceMs)
    }
    options.signal?.addEventListener('abort', abort, { once: true })
    if (options.signal?.aborted) abort()
    const finish = () => {
      clearTimeout(timer)
      clearTimeout(grace)
      options.signal?.removeEventListener('abort', abort)
    }
    child.once('error', error => {
      finish()
      reject(error)
    })
    child.once('close', (code, killedBy) => {
      finish()
      resolve({ code: code ?? (killedBy ? 1 : 0), output, timedOut })
    })
  })
}
