// The operator's verbs on this machine: finds the secrets and the database, running or not, and lets
// services/api/oo.ts do the work with them.
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { runOnDatabase } from './oo/database.ts'
import { doctor } from './oo/doctor.ts'
import { rotateKeys } from './oo/rotateKeys.ts'
import { type Called, help, readCall } from './oo/words.ts'
import { Refusal, reportFailure, WrongUse } from './refusal.ts'

/** npm changes into the repository; a file is meant where the operator stands. */
const here = (file: string): string => resolve(process.env.INIT_CWD ?? process.cwd(), file)

async function main(words: string[]): Promise<number> {
  if (['help', '--help', '-h'].includes(words[0] ?? '')) {
    process.stdout.write(`${help}\n`)
    return 0
  }
  const { verb, rest, settings, env } = readCall(words)
  const called: Called = { settings, env }
  switch (verb) {
    case 'backup':
      return runOnDatabase(called, ['backup', here(rest[0] ?? '')], { alone: false })
    case 'restore':
      if (!statSync(here(rest[0] ?? ''), { throwIfNoEntry: false })?.isFile())
        throw new Refusal(`${here(rest[0] ?? '')} is no file: name a backup.`)
      return runOnDatabase(called, ['restore', here(rest[0] ?? ''), ...rest.slice(1)], {
        alone: true,
        anew: true,
      })
    case 'keys rotate':
      return rotateKeys(called)
    case 'person export':
      return runOnDatabase(called, ['person', 'export', rest[0] ?? '', here(rest[1] ?? '')], { alone: false })
    case 'person erase':
      return runOnDatabase(called, ['person', 'erase', rest[0] ?? ''], { alone: false })
    case 'policy list':
    case 'policy promote':
    case 'policy rollback':
      return runOnDatabase(called, [...verb.split(' '), ...rest], { alone: false })
    case 'doctor':
      return doctor(called)
    default:
      throw new WrongUse(verb)
  }
}

process.exitCode = await main(process.argv.slice(2)).catch(reportFailure)
process.exit()
