import { readEnv } from './env.ts'
import { startSandbox } from './start.ts'

try {
  const sandbox = await startSandbox(readEnv(process.env))
  process.stdout.write(`The sandbox is at ${sandbox.url}\n`)
  let stopping = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) return
      stopping = true
      void sandbox.stop().then(() => process.exit(0))
    })
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
