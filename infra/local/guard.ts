import { type ChildProcess, spawn } from 'node:child_process'
import type { ProcessIdentity } from './processIdentity.ts'

/** A shell that waits for this process's end, which closes its input, and then ends the server. */
export function guardOf(server: ProcessIdentity): ChildProcess {
  const guard = spawn('/bin/sh', ['-c', `cat >/dev/null; kill -9 ${server.pid}`], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  guard.unref()
  // A pipe to a child is a socket, which the stream types do not say.
  if (guard.stdin && 'unref' in guard.stdin && typeof guard.stdin.unref === 'function') guard.stdin.unref()
  return guard
}
