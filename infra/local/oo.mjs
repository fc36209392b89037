// `npm run oo -- <verb>`: dependencies first, then oo.ts with the pinned Node.
import { bootstrap } from './bootstrap.mjs'

await bootstrap('infra/local/oo.ts')
