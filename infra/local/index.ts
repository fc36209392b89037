export { type Child, type ProcessPlan, startChild, waitUntilReady } from './child.ts'
export { freePort } from './ports.ts'
export { type Postgres, startPostgres } from './postgres/startPostgres.ts'
export { createTestDatabase, type TestDatabase } from './testDatabase.ts'
