export type * from './door.ts'
export { subjects } from './door.ts'
