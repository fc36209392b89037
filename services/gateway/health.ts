import type { Clock, HealthPart } from '@oo/kernel'
import type { Health } from '@oo/shared-types'

const deadlineMs = 2_000
const keepMs = 1_000

/** Exercises every part, side by side and under a deadline; answers of the last second are kept. */
export function createHealth(
  parts: readonly HealthPart[],
  { clock, version }: { clock: Clock; version: string },
) {
  let kept: { at: number; health: Promise<Health> } | undefined
  return (): Promise<Health> => {
    const now = clock.now().getTime()
    if (!kept || now - kept.at >= keepMs) kept = { at: now, health: exercise(parts, version) }
    return kept.health
  }
}

async function exercise(parts: readonly HealthPart[], version: string): Promise<Health> {
  const checked = await Promise.all(parts.map(exerciseOne))
  const worst = checked.some(p => p.name === 'database' && p.status === 'down')
    ? 'down'
    : checked.every(p => p.status === 'ok')
      ? 'ok'
      : 'degraded'
  return { status: worst, version, parts: checked }
}

async function exerciseOne(part: HealthPart): Promise<Health['parts'][number]> {
  const started = performance.now()
  const done = (status: 'ok' | 'degraded' | 'down', message?: string) => ({
    name: part.name,
    status,
    ms: Math.round((performance.now() - started) * 10) / 10,
    ...(message && { message }),
  })
  const signal = AbortSignal.timeout(deadlineMs)
  try {
    const late = new Promise<never>((_, reject) =>
      signal.addEventListener('abort', () => reject(new Error('it did not answer within 2 s'))),
    )
    const message = await Promise.race([part.check(signal), late])
    return done(message ? 'degraded' : 'ok', message)
  } catch (error) {
    return done('down', error instanceof Error ? error.message.slice(0, 200) : 'it did not answer')
  }
}
