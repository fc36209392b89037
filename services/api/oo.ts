// An operator's verbs on one database and its secrets. `npm run oo` finds both on this machine and then runs this;
// in a container it is run by itself, with the api's environment and OO_OWNER_DATABASE_URL.
import { sentenceOf, WrongUse } from './operate/refused.ts'
import { runVerb } from './operate/verbs.ts'

try {
  process.exitCode = await runVerb(process.argv.slice(2), {
    env: process.env,
    say: line => void process.stdout.write(`${line}\n`),
    tell: message => void process.send?.(message),
  })
} catch (error) {
  process.stderr.write(`${sentenceOf(error)}\n`)
  process.exitCode = error instanceof WrongUse ? 2 : 1
}
process.exit()
