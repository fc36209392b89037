import { openLog, startTracing } from '@oo/kernel'
import { composeApi } from './compose.ts'
import { type Env, EnvError, readEnv } from './env.ts'

const stopWithinMs = 5_000

function environment(): Env {
  try {
    return readEnv(process.env)
  } catch (error) {
    if (!(error instanceof EnvError)) throw error
    console.error(error.message)
    process.exit(1)
  }
}

const env = environment()
const log = openLog('api', { level: env.logLevel })
const { isEdge, hosted } = env.roles
const stopTracing =
  env.tracesUrl &&
  (await startTracing({ endpoint: env.tracesUrl, processName: isEdge ? 'api' : [...hosted].join('+') }))
const api = await composeApi(env, { log })

try {
  await api.start()
} catch (error) {
  const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
  console.error(
    taken
      ? `Port ${env.port} is taken: stop what uses it, or set OO_API_PORT to a free one.`
      : `The api could not start: ${error instanceof Error ? error.message : error}`,
  )
  process.exit(1)
}
log.info({ address: `http://${env.bind}:${env.port}` }, 'ready')

let stopping = false
/** What is under way finishes; what takes longer than this is cut, and the database has all that was answered. */
async function stop(): Promise<void> {
  if (stopping) return
  stopping = true
  const late = setTimeout(() => {
    log.warn('what still ran when oO was asked to stop was cut off after 5 s')
    process.exit(0)
  }, stopWithinMs)
  await api.stop()
  if (stopTracing) await stopTracing()
  clearTimeout(late)
  process.exit(0)
}
process.on('SIGTERM', stop)
process.on('SIGINT', stop)
