import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The files of the repository that match: tracked, or new and not ignored. */
export function repositoryFiles(root: string, pattern: RegExp): string[] {
  const list = spawnSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64e6,
    timeout: 30_000,
  })
  if (list.status !== 0) throw new Error(`git could not list the files of ${root}: ${list.stderr}`)
  return list.stdout.split('\n').filter(path => pattern.test(path) && existsSync(join(root, path)))
}

export function readText(root: string, path: string): string {
  return readFileSync(join(root, path), 'utf8')
}
