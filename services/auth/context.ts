import type { Events } from '@oo/events'
import type { Ctx } from '@oo/kernel'
import type { AuthHooks, AuthSettings } from './door.ts'
import type { KeyMemory } from './personKeys.ts'
import type { Provider } from './provider.ts'
import type { SessionMemory } from './sessionMemory.ts'
import type { TokenForm } from './tokenForm.ts'

/** What auth's verbs are given besides the kernel's. */
export interface AuthCtx extends Ctx {
  events: Events
  settings: AuthSettings
  hooks: AuthHooks
  providers: ReadonlyMap<string, Provider>
  sessionMemory: SessionMemory
  keyMemory: KeyMemory
  tokenForm: TokenForm
}
