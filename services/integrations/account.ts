import { keyedHash } from '@oo/kernel'
import type { IntegrationsCtx } from './context.ts'

/** Finds the people of an account at a provider without keeping its id in the clear. */
export const accountHashOf = (
  { secret }: Pick<IntegrationsCtx, 'secret'>,
  provider: string,
  account: string,
): Buffer => keyedHash(secret, 'integrations.account', `${provider} ${account}`)
