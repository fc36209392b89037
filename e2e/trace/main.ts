// Draws docs/architecture/reaction-trace.svg anew. Run it after `npm test -- browser` has built the web app.
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { drawTrace } from './picture.ts'
import { traceReaction } from './reactionTrace.ts'

const file = join(import.meta.dirname, '../../docs/architecture/reaction-trace.svg')
const { spans } = await traceReaction()
const about = `Measured by e2e/trace on ${cpus().length} cores, everything on one machine.`
writeFileSync(file, drawTrace(spans, { about }))
