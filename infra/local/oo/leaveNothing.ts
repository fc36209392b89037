// A restore may make a database where there is none. When it is refused, or fails, all that it made goes again, and
// what it put aside comes back; one that is killed leaves its mark instead.
import { existsSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { claim, prepareFolder } from '../owner.ts'
import { beforeRestore, type Places, placesIn } from '../postgres/cluster.ts'

export async function leavingNothing(dataDir: string, restore: () => Promise<number>): Promise<number> {
  const made = prepareFolder(dataDir)
  const ownership = claim(dataDir)
  const undo = undoOf(placesIn(dataDir))
  let code = 1
  try {
    code = await restore()
    return code
  } finally {
    if (code !== 0) undo()
    ownership.release()
    if (code !== 0 && made) removeEmpty(dataDir, made)
  }
}

function undoOf(places: Places): () => void {
  const { cluster, marker, passwords, dataDir, restoring } = places
  if (existsSync(cluster)) return () => {}
  const setUp = existsSync(marker) ? readFileSync(marker) : null
  const hadPasswords = existsSync(passwords)
  const fresh = [cluster, join(dataDir, 'socket'), join(dataDir, 'logs'), restoring].filter(
    path => !existsSync(path),
  )
  return () => {
    if (setUp) writeFileSync(marker, setUp, { mode: 0o600, flush: true })
    else rmSync(marker, { force: true })
    if (!hadPasswords) rmSync(passwords, { force: true })
    else if (existsSync(beforeRestore(passwords))) renameSync(beforeRestore(passwords), passwords)
    for (const path of fresh) rmSync(path, { recursive: true, force: true })
  }
}

/** From the data folder up to the first that was made for it; one that holds something stays. */
function removeEmpty(dataDir: string, made: string): void {
  try {
    for (let folder = dataDir; folder.startsWith(made); folder = dirname(folder)) rmdirSync(folder)
  } catch {
    // Somebody put something there meanwhile, or it is a mounted disk.
  }
}
