// Now and then: a policy on trial that does harm is rolled back by itself, and what the judge warns of is told once.
import { transaction } from '@oo/kernel'
import { metrics } from '@opentelemetry/api'
import { holdLadder, readDeciding, readLatestFindings, writeAlarms } from '../store/policies.ts'
import { type AlarmCtx, silenceOf } from './alarms.ts'
import { readFindings } from './figures.ts'
import { shareOf } from './ladder.ts'
import { type LadderCtx, move } from './move.ts'
import { nextStep } from './nextStep.ts'

type WatchCtx = LadderCtx & Pick<AlarmCtx, 'began'>

const everyMs = 60_000

export async function watchPolicies(ctx: WatchCtx): Promise<void> {
  const findings = readFindings(await readLatestFindings(ctx.db))
  const silence = silenceOf(ctx, findings)
  if (!findings && silence.length === 0) return
  await transaction(ctx.db, async tx => {
    await holdLadder(tx)
    const tried = (await readDeciding(tx)).find(({ state }) => shareOf(state) > 0)
    if (tried && findings) {
      const { name: policy, state, since, experiment } = tried
      const found = nextStep({ policy, state, since, experiment, now: ctx.clock.now(), findings, lab: null })
      const figures = findings.policies.get(policy)
      if (found.step === 'roll_back' && figures) {
        const told = { version: figures.version, reasons: found.reasons }
        const kept = { judgedAt: findings.at.toISOString(), ...figures }
        await move(ctx, tx, { ...told, row: tried, to: found.to, by: 'oO', override: null, figures: kept })
        ctx.log.warn({ policy, reasons: found.reasons }, 'a policy on trial was rolled back')
      }
    }
    // Those of an older look go with it, and so does silence when there is a look again.
    const seen = findings?.at ?? new Date(0)
    const found = (findings?.alarms ?? []).map(({ text, ...alarm }) => ({
      ...alarm,
      about: text,
      since: seen,
    }))
    const alarms = new Map([...found, ...silence].map(one => [`${one.kind} ${one.subject}`, one]))
    const fresh = await writeAlarms(tx, seen, [...alarms.values()])
    for (const alarm of fresh) ctx.log.warn(alarm, 'the decision engine warns')
    await ctx.events.appendAll(
      tx,
      fresh.map(value => ({ personId: null, happened: { case: 'policyAlarm' as const, value } })),
    )
  })
}

/** Goes on by itself until the returned function is called. */
export function startWatching(ctx: WatchCtx): () => void {
  const told = metrics.getMeter('oo').createCounter('policy_watch_failures', {
    description: 'Rounds in which the figures of policies could not be looked at',
  })
  const noticed = (error: unknown) => {
    told.add(1)
    ctx.log.warn(
      { err: error },
      'the figures of policies could not be looked at; it is tried again in a minute',
    )
  }
  const timer = setInterval(() => void watchPolicies(ctx).catch(noticed), everyMs)
  return () => clearInterval(timer)
}
