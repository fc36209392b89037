import { openLog } from '@oo/kernel'
import type { Api } from '../compose.ts'
import type { Env } from '../env.ts'
import { allInOne } from '../roles.ts'

/** The whole api, every module of it here, without a listener: its verbs work, and nothing runs by itself. */
export async function composed<T>(env: Env, use: (api: Api) => Promise<T>): Promise<T> {
  // All modules take most of a second to load, and a backup needs none of them.
  const { composeApi } = await import('../compose.ts')
  const stderr = { write: (line: string) => void process.stderr.write(line) }
  const api = await composeApi(
    { ...env, roles: allInOne },
    {
      log: openLog('oo', { level: 'error', destination: stderr }),
      name: 'oo',
    },
  )
  try {
    await api.open()
    return await use(api)
  } finally {
    await api.stop()
  }
}
