export type { Client, ClientOptions } from './client.ts'
export { answerOf, createClient } from './client.ts'
export { ApiProblem, problemOf, unreachable } from './problem.ts'
