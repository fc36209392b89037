import type { Module } from '@oo/kernel'
import type { Notifier } from './door.ts'

export type * from './door.ts'

export interface NotifierParts {
  door: Notifier
  module: Module<Record<never, never>>
}

/** The walls of the module. It interrupts nobody yet, keeps no table and so has nothing to export or erase. */
export function createNotifier(): NotifierParts {
  return {
    door: {},
    module: { name: 'notifier', handlers: {}, health: [{ name: 'notifier', check: async () => undefined }] },
  }
}
