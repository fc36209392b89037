import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startTestServer } from '../testDatabase.ts'

/** The one database server of a test run: started for the first stage that needs it, stopped after the last. */
export type SharedDatabase = { env(): Promise<NodeJS.ProcessEnv>; stop(): Promise<void> }

export function sharedDatabase(): SharedDatabase {
  const folder = mkdtempSync(join(tmpdir(), 'oo-server-'))
  const path = join(folder, 'server.json')
  let starting: ReturnType<typeof startTestServer> | undefined
  return {
    async env() {
      starting ??= startTestServer()
      writeFileSync(path, JSON.stringify((await starting).server), { mode: 0o600 })
      return { ...process.env, OO_TEST_PG: path }
    },
    async stop() {
      const started = await starting?.catch(() => undefined)
      await started?.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
