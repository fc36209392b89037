import type { Auth } from '@oo/auth'
import type { Events } from '@oo/events'
import type { Ctx, Exporter } from '@oo/kernel'
import type { Signal } from '@oo/shared-types'
import type { WishesMemory } from './wishesMemory.ts'

/** What the verbs of this module are given. */
export interface ProfileCtx extends Ctx {
  events: Events
  auth: Auth
  /** Keys the fingerprint of an e-mail address. */
  secret: string
  memory: WishesMemory
  /** What is known of a person's moment, from whoever knows it. */
  contexts: (personId: string) => Promise<Signal[]>
  exporters: () => { module: string; exporter: Exporter }[]
  exporterTimeoutMs: number
}
