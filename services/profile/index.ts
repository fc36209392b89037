import type { Auth } from '@oo/auth'
import type { Events } from '@oo/events'
import type { Ctx, Exporter, Module } from '@oo/kernel'
import type { Signal } from '@oo/shared-types'
import { agree } from './agree.ts'
import { consentsNow } from './consentsNow.ts'
import type { ProfileCtx } from './context.ts'
import type { Profiles } from './door.ts'
import { eraser, exporterOf } from './exporter.ts'
import { exportProfile } from './exportProfile.ts'
import { recentPauses } from './recentPauses.ts'
import { type ProfileHandlers, routes } from './routes.ts'
import * as tables from './tables.ts'
import { welcome } from './welcome.ts'
import { wishes } from './wishes.ts'
import { openWishesMemory } from './wishesMemory.ts'

export type * from './door.ts'
export { purposes } from './purposes.ts'

export interface ProfileParts {
  door: Profiles
  module: Module<ProfileHandlers>
}

export interface ProfileSettings {
  secret: string
  exporterTimeoutMs?: number
  /** Where another process changes wishes: what a person just decided there holds for their next request here. */
  keepsNoWishes?: boolean
}

export function createProfile(
  ctx: Ctx & { events: Events; auth: Auth },
  settings: ProfileSettings,
  hooks: {
    exporters: () => { module: string; exporter: Exporter }[]
    contexts?: (personId: string) => Promise<Signal[]>
  },
): ProfileParts {
  const own: ProfileCtx = {
    ...ctx,
    secret: settings.secret,
    exporterTimeoutMs: settings.exporterTimeoutMs ?? 15_000,
    exporters: hooks.exporters,
    contexts: hooks.contexts ?? (async () => []),
    memory: openWishesMemory(ctx, { keepsNothing: settings.keepsNoWishes ?? false }),
  }
  return {
    door: {
      welcome: (tx, newcomer) => welcome(own, tx, newcomer),
      export: personId => exportProfile(own, personId),
      wishes: personId => wishes(own, personId),
      consentsNow,
      pausesSince: (personIds, then) => recentPauses(own, personIds, then),
      agree: (tx, personId, purpose) => agree(own, tx, { personId, purpose }),
    },
    module: {
      name: 'profile',
      tables: Object.values(tables),
      handlers: routes(own),
      exporter: exporterOf(own),
      eraser,
    },
  }
}
