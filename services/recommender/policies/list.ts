import {
  type PolicyAlarmRow,
  readAlarms,
  readLatestFindings,
  readPolicies,
  stepsOf,
} from '../store/policies.ts'
import { type PolicyFigures, readFindings } from './figures.ts'
import type { PolicyState } from './ladder.ts'
import type { LadderCtx } from './move.ts'

export interface ListedPolicy {
  name: string
  state: PolicyState
  since: Date | null
  version: string
  figures: PolicyFigures | null
  /** The last one: who took it, and why. */
  lastStep: { from: PolicyState; by: string; override: string | null; reasons: string[] } | null
}

export interface ListedPolicies {
  judgedAt: Date | null
  /** Who decides where nobody was launched: ml's own setting, as the judge saw it. */
  incumbent: string | null
  policies: ListedPolicy[]
  alarms: PolicyAlarmRow[]
}

/** Every policy that took a step or that ml watches with. */
export async function listPolicies({ db }: Pick<LadderCtx, 'db'>): Promise<ListedPolicies> {
  const [rows, told, alarms] = await Promise.all([readPolicies(db), readLatestFindings(db), readAlarms(db)])
  const findings = readFindings(told)
  const known = new Map(rows.map(row => [row.name, row]))
  const names = [...new Set([...known.keys(), ...(findings?.policies.keys() ?? [])])].toSorted()
  const policies = await Promise.all(
    names.map(async (name): Promise<ListedPolicy> => {
      const row = known.get(name)
      const figures = findings?.policies.get(name) ?? null
      const [last] = row ? await stepsOf(db, name, 1) : []
      return {
        name,
        state: row?.state ?? 'shadow',
        since: row?.since ?? null,
        version: figures?.version ?? last?.version ?? '',
        figures,
        lastStep: last
          ? { from: last.fromState, by: last.by, override: last.override, reasons: last.reasons }
          : null,
      }
    }),
  )
  const launched = rows.find(({ state }) => state === 'launched')?.name
  const incumbent = launched ?? [...(findings?.policies.values() ?? [])][0]?.incumbent ?? null
  return { judgedAt: findings?.at ?? null, incumbent, policies, alarms }
}
