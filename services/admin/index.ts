import type { Module } from '@oo/kernel'
import type { Admin } from './door.ts'
import { type AdminHandlers, type GivenParts, routes } from './routes.ts'

export type * from './door.ts'

export interface AdminParts {
  door: Admin
  module: Module<AdminHandlers>
}

/** The console's doors to what other modules keep. It has no table and so has nothing to export or erase. */
export function createAdmin(given: GivenParts): AdminParts {
  return {
    door: {},
    module: {
      name: 'admin',
      handlers: routes(given),
      health: [{ name: 'admin', check: async () => undefined }],
    },
  }
}
