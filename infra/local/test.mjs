// `npm test`: dependencies first, then test.ts with the pinned Node.
import { bootstrap } from './bootstrap.mjs'

await bootstrap('infra/local/test.ts')
