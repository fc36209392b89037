import type { Events } from '@oo/events'
import type { Ctx } from '@oo/kernel'
import type { AuthHooks, AuthSettings } from './door.ts'
import { type ErasureLedger, openErasureLedger } from './erasureLedger.ts'
import { type KeyMemory, openKeyMemory } from './keyMemory.ts'
import { openProvider, type Provider } from './provider.ts'
import { openSessionMemory, type SessionMemory } from './sessionMemory.ts'
import { openTokenForm, type TokenForm } from './tokenForm.ts'

/** What auth's verbs are given besides the kernel's. */
export interface AuthCtx extends Ctx {
  events: Events
  settings: AuthSettings
  hooks: AuthHooks
  providers: ReadonlyMap<string, Provider>
  sessionMemory: SessionMemory
  keyMemory: KeyMemory
  tokenForm: TokenForm
  ledger: ErasureLedger
}

export const contextOf = (
  ctx: Ctx & { events: Events },
  settings: AuthSettings,
  hooks: AuthHooks,
): AuthCtx => ({
  ...ctx,
  settings,
  hooks,
  providers: new Map(settings.providers.map(provider => [provider.id, openProvider(provider, ctx.clock)])),
  sessionMemory: openSessionMemory(ctx.db, ctx.clock),
  keyMemory: openKeyMemory(ctx.db, ctx.clock),
  tokenForm: openTokenForm(ctx.clock),
  ledger: openErasureLedger(settings.erasureLedger),
})
