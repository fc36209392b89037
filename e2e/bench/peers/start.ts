import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Processes, root, type Started } from '../processes.ts'

export const python = (): string => {
  const path = join(root, '.venv/bin/python')
  if (existsSync(path)) return path
  throw new Error('The Python environment is missing: run `npm start` once, it makes one.')
}

export const needsLab = 'needs .venv-lab, which `npm run lab` makes'

/** Of the environment with other people's packages, where there is one. */
export const labPython = (): string | undefined => {
  const path = join(root, '.venv-lab/bin/python')
  return existsSync(path) ? path : undefined
}

export const startBare = (processes: Processes): Promise<Started> =>
  processes.start({
    name: 'bare',
    command: process.execPath,
    args: port => [fileURLToPath(import.meta.resolve('./bareServer.ts')), String(port)],
    readyPath: '/',
  })

export async function startNaive(processes: Processes): Promise<Started> {
  const scorer = await processes.start({
    name: 'naive-scorer',
    command: python(),
    args: port => [join(import.meta.dirname, 'naive.py'), String(port)],
    readyPath: '/health',
  })
  return processes.start({
    name: 'naive',
    command: process.execPath,
    args: port => [fileURLToPath(import.meta.resolve('./naiveServer.ts')), String(port), String(scorer.port)],
    readyPath: '/',
  })
}
