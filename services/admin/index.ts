import type { Module } from '@oo/kernel'
import type { Admin } from './door.ts'

export type * from './door.ts'

export interface AdminParts {
  door: Admin
  module: Module<Record<never, never>>
}

/** The walls of the module. It reads nothing yet, keeps no table and so has nothing to export or erase. */
export function createAdmin(): AdminParts {
  return {
    door: {},
    module: { name: 'admin', handlers: {}, health: [{ name: 'admin', check: async () => undefined }] },
  }
}
