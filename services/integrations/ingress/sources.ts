// What a person does with their own sources; the secret leaves in the answer to making or rotating, and never again.
import { Problem, transaction } from '@oo/kernel'
import type { components } from '@oo/shared-types'
import type { IntegrationsCtx } from '../context.ts'
import { errors } from '../errors.ts'
import { forgetSignals } from '../signals/forget.ts'
import { shownName } from './names.ts'
import { outcomeOf } from './outcome.ts'
import { signalSourceOf } from './receiveSignals.ts'
import { type Inside, insideOf, newSecret, sealInside, secretBefore } from './secrets.ts'
import {
  deleteSource,
  insertSource,
  lastDeliveries,
  lockSourceOf,
  lockSourcesOf,
  type Source,
  sealAgain,
  sourceOf,
  sourcesOf,
} from './store.ts'

type Schemas = components['schemas']

const mostSources = 10
const oldSecretMs = 24 * 3_600_000
/** How many deliveries of a source a person sees. */
export const deliveriesSeen = 20

export async function createIngress(
  ctx: IntegrationsCtx,
  { personId, name, types }: { personId: string; name: string; types: Source['types'] },
): Promise<Schemas['IngressSecret']> {
  const secret = newSecret(ctx.random)
  const id = ctx.random.bytes(16).toString('base64url')
  const envelope = sealInside(ctx, { id, personId }, { name: name.trim(), secret, before: null })
  const counts = { lastDeliveryAt: null, deliveries: 0, signals: 0 }
  const source = { id, personId, types, ...envelope, createdAt: ctx.clock.now(), ...counts }
  return transaction(ctx.db, async tx => {
    if ((await lockSourcesOf(tx, personId)) >= mostSources) throw new Problem(errors.tooManySources)
    await insertSource(tx, source)
    return { source: shown(ctx, source), secret }
  })
}

/** The secret in use goes on until the new one was used, so that nothing is missed; at most a day, however often this is done. */
export async function rotateIngress(
  ctx: IntegrationsCtx,
  asked: { personId: string; id: string },
): Promise<Schemas['IngressSecret']> {
  return transaction(ctx.db, async tx => {
    const source = await lockSourceOf(tx, asked.personId, asked.id)
    if (!source) throw new Problem(errors.unknownSource)
    const inside = insideOf(ctx, source)
    const secret = newSecret(ctx.random)
    const before = inside ? goesOn(inside, ctx.clock.now()) : null
    const envelope = sealInside(ctx, source, { name: inside?.name ?? null, secret, before })
    await sealAgain(tx, source.id, envelope)
    return { source: shown(ctx, { ...source, ...envelope }), secret }
  })
}

function goesOn(inside: Inside, now: Date): Inside['before'] {
  const until = new Date(now.getTime() + oldSecretMs).toISOString()
  return secretBefore(inside, now) ?? { secret: inside.secret, until }
}

export async function deleteIngress(
  ctx: IntegrationsCtx,
  asked: { personId: string; id: string },
): Promise<void> {
  await transaction(ctx.db, async tx => {
    const source = await lockSourceOf(tx, asked.personId, asked.id)
    if (!source) return
    await deleteSource(tx, source.id)
    await forgetSignals(tx, source.personId, { source: signalSourceOf(source.id) })
  })
}

export const listIngress = async (
  ctx: IntegrationsCtx,
  personId: string,
): Promise<Schemas['IngressSource'][]> =>
  (await sourcesOf(ctx.db, personId)).map(source => shown(ctx, source))

export async function listIngressDeliveries(
  ctx: IntegrationsCtx,
  { personId, id }: { personId: string; id: string },
): Promise<Schemas['IngressRecord'][]> {
  const source = await sourceOf(ctx.db, id)
  if (source?.personId !== personId) throw new Problem(errors.unknownSource)
  return (await lastDeliveries(ctx.db, id, deliveriesSeen)).map(delivery => ({
    id: delivery.id,
    at: delivery.receivedAt.toISOString(),
    ...outcomeOf(delivery),
    ...(delivery.problem !== null && { problem: delivery.problem }),
  }))
}

const doesNotOpen =
  'a source of signals does not open, so what it sends is refused; bring its master key back, or its person makes a new secret'

function shown(ctx: IntegrationsCtx, source: Source): Schemas['IngressSource'] {
  const { id, types, createdAt, lastDeliveryAt, deliveries, signals } = source
  const inside = insideOf(ctx, source)
  if (!inside) ctx.log.warn({ sourceId: id, kekId: source.kekId }, doesNotOpen)
  const name = inside?.name ? shownName(inside.name) : undefined
  const before = inside && secretBefore(inside, ctx.clock.now())
  return {
    id,
    state: inside ? 'ready' : 'sealed',
    ...(name !== undefined && { name }),
    types,
    createdAt: createdAt.toISOString(),
    ...(lastDeliveryAt && { lastDeliveryAt: lastDeliveryAt.toISOString() }),
    deliveries,
    signals,
    ...(before && { oldSecretUntil: before.until }),
  }
}
