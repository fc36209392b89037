// The ladder of promotion, as an operator reads it.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ListedPolicies, Promoted } from '@oo/recommender'
import type { Api } from '../compose.ts'
import { Refused } from './refused.ts'

const labReportFile = join(import.meta.dirname, '../../../docs/lab/report.json')

export async function promotePolicy(
  { doors }: Pick<Api, 'doors'>,
  wanted: { policy: string; override?: string },
): Promise<Promoted> {
  return doors.recommender.promote({ ...wanted, by: 'operator', labReport: await labReport() })
}

async function labReport(): Promise<unknown> {
  const text = await readFile(labReportFile, 'utf8').catch(() => null)
  if (text === null) return null
  try {
    return JSON.parse(text)
  } catch {
    throw new Refused('docs/lab/report.json is damaged: put it back, or run npm run lab -- bakeoff again.')
  }
}

export function policyLines({ judgedAt, incumbent, policies, alarms }: ListedPolicies): string[] {
  const judged = judgedAt
    ? `figures of ${judgedAt.toISOString()}`
    : 'no figures yet: ml judges the decision log every hour'
  const lines = [`incumbent: ${incumbent ?? 'the one of OO_ML_POLICY'} · ${judged}`]
  for (const { name, version, state, since, lastStep } of policies) {
    const when = since ? ` since ${since.toISOString().slice(0, 10)}` : ''
    lines.push(`  ${name}${version ? ` (version ${version})` : ''}: ${state}${when}`)
    if (!lastStep) continue
    const override = lastStep.override === null ? '' : `, overridden: ${lastStep.override}`
    lines.push(`    from ${lastStep.from} by ${lastStep.by}${override}`)
    for (const reason of lastStep.reasons) lines.push(`    ${reason}`)
  }
  if (policies.length === 0) lines.push('  ml watches with none: name some in OO_ML_SHADOWS')
  for (const { kind, subject, since, about } of alarms)
    lines.push(`! ${kind} ${subject} since ${since.toISOString().slice(0, 10)}: ${about}`)
  return lines
}
