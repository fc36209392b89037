import { Problem } from '@oo/kernel'
import {
  ConnectorTrouble,
  FormRefused,
  type SignInForm,
  type Tokens,
  type Typed,
} from './connectors/connector.ts'
import type { IntegrationsCtx } from './context.ts'
import { enteredBy } from './enteredBy.ts'
import { errors } from './errors.ts'
import { storeGrant } from './storeGrant.ts'

/** Before the page that asked gives up. */
const tryWithinMs = 8_000
const defaultWaitSeconds = 10

/** Connects an app with what a person typed: it is tried there first, and sealed only when it works. */
export async function signIn(
  ctx: IntegrationsCtx,
  { personId, source, form }: { personId: string; source: string; form: SignInForm },
): Promise<void> {
  const { connector, entry } = enteredBy(ctx, source, 'form')
  await storeGrant(ctx, connector, { personId, tokens: await tried(entry, form) })
}

async function tried(entry: Typed, form: SignInForm): Promise<Tokens> {
  try {
    return await entry.signIn(form, AbortSignal.timeout(tryWithinMs))
  } catch (error) {
    throw error instanceof ConnectorTrouble ? problemOfForm(error) : error
  }
}

function problemOfForm(trouble: ConnectorTrouble): Problem {
  if (trouble instanceof FormRefused)
    return new Problem({ ...errors.addressRefused, title: trouble.sentence }, { cause: trouble })
  switch (trouble.kind) {
    case 'revoked':
      return new Problem(errors.passwordRefused, { cause: trouble })
    case 'garbage':
    case 'gone':
    case 'unticked':
      return new Problem(errors.addressRefused, { cause: trouble })
    case 'away':
    case 'quota': {
      const retryAfterSeconds = trouble.retryAfterSeconds ?? defaultWaitSeconds
      return new Problem(errors.serverAway, { cause: trouble, retryAfterSeconds })
    }
  }
}
