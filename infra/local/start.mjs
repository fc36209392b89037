// `npm start`: dependencies first, then supervisor.ts with the pinned Node.
import { bootstrap } from './bootstrap.mjs'

await bootstrap('infra/local/supervisor.ts')
