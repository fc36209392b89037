import { type HealthPart, Problem } from '@oo/kernel'
import type { AuthCtx } from './context.ts'
import { readErasureLedger } from './erasureLedger.ts'

/** Not a reason to stop serving tips; deletions wait until it can be written again. */
export const ledgerHealth = (ctx: AuthCtx): HealthPart => ({
  name: 'erasure-ledger',
  async check() {
    const { erasureLedger: file } = ctx.settings
    try {
      await ctx.ledger.check()
      await readErasureLedger(file)
    } catch (error) {
      if (error instanceof Problem) return error.title
      return `Deletions cannot be confirmed: ${file} cannot be written; make room and set its rights.`
    }
  },
})

const withinMs = 2_000

export const signInHealth = (ctx: AuthCtx): HealthPart => ({
  name: 'sign-in',
  async check(signal) {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(withinMs)])
    const away = await Promise.all(
      [...ctx.providers.values()].map(provider =>
        provider.probe(limit).then(
          () => [],
          () => [provider.name],
        ),
      ),
    )
    const names = away.flat()
    return names.length === 0
      ? undefined
      : `Signing in by ${names.join(' and ')} does not work at the moment: the provider does not answer.`
  },
})
