import { Problem, type Tx, transaction } from '@oo/kernel'
import type { IntegrationsCtx } from '../context.ts'
import { errors } from '../errors.ts'
import { hear } from '../signals/hear.ts'
import { signalTypes } from '../signals/signal.ts'
import { type Outcome, outcomeOf } from './outcome.ts'
import { insideOf, sealInside, signerOf } from './secrets.ts'
import { type Claim, claimOf } from './signature.ts'
import { deliveryOf, lockSource, recordDelivery, type Source, sealAgain, sourceOf } from './store.ts'
import { type IngressSignal, parseSignals, type Sent } from './told.ts'

const replayWindowMs = 5 * 60_000
const mostPerMinute = 60

/**
 * A source of a person's own tells signals. Who cannot sign learns nothing and leaves nothing; what is signed and
 * cannot be taken is refused whole, so that its sender can mend it and send it again under the same id.
 */
export async function receiveSignals(ctx: IntegrationsCtx, input: Sent): Promise<Outcome> {
  const claim = await admit(ctx, input)
  const told = parseSignals(ctx, input)
  const done = await transaction(ctx.db, async tx => {
    const source = await lockSource(tx, input.source)
    if (!source) throw new Problem(errors.unsigned)
    const known = await deliveryOf(tx, source.id, claim.delivery)
    if (known && known.problem === null) return known
    await forgetOldSecret(ctx, tx, source, claim)
    const taken = 'problem' in told ? { accepted: 0, refused: [] } : await take(ctx, tx, source, told.signals)
    const delivery = {
      sourceId: source.id,
      id: claim.delivery,
      receivedAt: ctx.clock.now(),
      ...taken,
      problem: 'problem' in told ? told.sentence : null,
    }
    await recordDelivery(tx, delivery)
    return delivery
  })
  // What was taken stays taken, whatever comes under its id afterwards.
  if (done.problem !== null && 'problem' in told) throw told.problem
  return outcomeOf(done)
}

/** What no source is called is not looked up: PostgreSQL refuses some of it. */
const isId = /^[\w-]{1,64}$/

/** Also of a source that is not there, or does not open, a signature is worked out: time tells no more than the answer. */
async function admit(ctx: IntegrationsCtx, { source: id, signed }: Sent): Promise<Claim> {
  const claim = claimOf(signed)
  if (!claim) throw new Problem(errors.unsigned)
  const now = ctx.clock.now()
  const source = isId.test(id) ? await sourceOf(ctx.db, id) : undefined
  const inside = source && insideOf(ctx, source)
  const signer = signerOf(inside ?? ctx.ingress.decoy.inside(), claim, now)
  if (!inside || !signer) throw new Problem(errors.unsigned)
  if (Math.abs(now.getTime() - claim.sentAt.getTime()) > replayWindowMs) throw new Problem(errors.late)
  ctx.ingress.buckets.spend(id, mostPerMinute)
  return claim
}

/** Whoever signs with the new secret has it, so nobody needs the old one any more. */
async function forgetOldSecret(ctx: IntegrationsCtx, tx: Tx, source: Source, claim: Claim): Promise<void> {
  const inside = insideOf(ctx, source)
  if (inside?.before && claim.isSignedWith(inside.secret))
    await sealAgain(tx, source.id, sealInside(ctx, source, { ...inside, before: null }))
}

async function take(ctx: IntegrationsCtx, tx: Tx, source: Source, signals: readonly IngressSignal[]) {
  const allowed = signals.filter(({ type }) => source.types.includes(type))
  const { without } = await hear(ctx, tx, source.personId, {
    source: signalSourceOf(source.id),
    signals: allowed,
  })
  const agreed = allowed.filter(({ type }) => !without.includes(signalTypes[type].purpose))
  const refused = [...new Set(signals.map(({ type }) => type))]
    .filter(type => !agreed.some(signal => signal.type === type))
    .map(type => ({ type, why: source.types.includes(type) ? ('consent' as const) : ('source' as const) }))
  return { accepted: agreed.length, refused }
}

/** The name under which signals keep who told them. */
export const signalSourceOf = (id: string): string => `ingress:${id}`
