import { type Beginning, beginState } from './connectState.ts'
import type { IntegrationsCtx } from './context.ts'
import { enteredBy } from './enteredBy.ts'

/** Where a provider sends the person back to; some ask for it again when the code is exchanged. */
export const callbackOf = (origin: string, source: string): string =>
  `${origin}/api/integrations/${source}/callback`

/** Begins a connection: where to send the browser, and what it must bring back. */
export function connect(
  ctx: IntegrationsCtx,
  { origin, ...beginning }: Beginning & { origin: string },
): { location: string; cookie: string } {
  const { connector, entry } = enteredBy(ctx, beginning.source, 'provider')
  const { state, challenge, cookie } = beginState(ctx, ctx.stateKey, beginning)
  const redirectUri = callbackOf(origin, connector.id)
  return { location: entry.authorizeUrl({ redirectUri, state, challenge }), cookie }
}
