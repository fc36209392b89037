import { Problem } from '@oo/kernel'
import { type Beginning, beginState } from './connectState.ts'
import type { IntegrationsCtx } from './context.ts'
import { errors } from './errors.ts'

/** Begins a connection: where to send the browser, and what it must bring back. */
export function connect(
  ctx: IntegrationsCtx,
  { origin, ...beginning }: Beginning & { origin: string },
): { location: string; cookie: string } {
  const source = ctx.sources.get(beginning.source)
  if (!source) throw new Problem(errors.unknownSource)
  if (!source.connector) throw new Problem(errors.unavailable)
  const { state, cookie } = beginState(ctx, ctx.stateKey, beginning)
  const redirectUri = `${origin}/api/integrations/${source.about.id}/callback`
  return { location: source.connector.entry.authorizeUrl({ redirectUri, state }), cookie }
}
