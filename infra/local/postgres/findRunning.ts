import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { placesIn } from './cluster.ts'
import { findLiveServer } from './liveServer.ts'
import { database, type Role, readPasswords, socketUrl } from './roles.ts'

/** Where the server of a data folder is reached while it runs, without owning the folder. */
export async function findRunning(
  dataDir: string,
): Promise<{ api: string; ml: string; owner: string } | null> {
  const places = placesIn(resolve(dataDir))
  if (!existsSync(places.cluster)) return null
  const passwords = readPasswords(places.passwords)
  const live = await findLiveServer(places.cluster, passwords)
  if (!live) return null
  const url = (role: Role) => socketUrl(live.socketDir, role, passwords[role], database)
  return { api: url('oo_api'), ml: url('oo_ml'), owner: url('oo_owner') }
}
