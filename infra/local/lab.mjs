// `npm run lab -- <verb>`: dependencies first, then lab.ts with the pinned Node.
import { bootstrap } from './bootstrap.mjs'

await bootstrap('infra/local/lab.ts')
