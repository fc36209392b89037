// `npm run lab`: the lab in its own environment, where the peers we are measured against are installed.
import { spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { pinnedEnvironment } from './pinnedEnvironment.ts'
import { reportFailure } from './refusal.ts'
import { root } from './root.ts'
import { untilAskedToStop } from './untilAskedToStop.ts'

const installWithinMs = 20 * 60_000
/** npm changes into the repository; a file is meant where the operator stands. */
const files = new Set(['--json', '--out', '--keep', 'replay'])

async function main(words: string[]): Promise<number> {
  const stop = new AbortController()
  void untilAskedToStop().then(() => stop.abort())
  const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(installWithinMs)])
  const say = (line: string) => process.stderr.write(`${line}\n`)
  const environment = await pinnedEnvironment({ root, name: 'lab', say, signal })
  const here = process.env.INIT_CWD ?? process.cwd()
  const named = words.map((word, at) => (files.has(words[at - 1] ?? '') ? resolve(here, word) : word))
  // One thread each: the lab runs as many processes as it was told to.
  const threads = { OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1', MKL_NUM_THREADS: '1' }
  return await new Promise((done, fail) => {
    const child = spawn(join(environment, 'bin', 'python'), ['-m', 'ml.experiments', ...named], {
      cwd: root,
      env: { ...process.env, ...threads, PYTHONPATH: root },
      stdio: 'inherit',
    })
    stop.signal.addEventListener('abort', () => child.kill('SIGTERM'))
    child.on('error', fail)
    child.on('exit', code => done(code ?? 1))
  })
}

process.exitCode = await main(process.argv.slice(2)).catch(reportFailure)
process.exit()
