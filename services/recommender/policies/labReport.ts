// What the lab's report (docs/lab/report.json) says of a policy and of the one it would replace.
import { field, isObject, list, numeric, text } from '../told.ts'

export interface LabPlace {
  place: string
  policy: number
  incumbent: number
  /** The persona that loses most, and how much it gains (so below 0: it loses). */
  persona: string
  gain: number
}

export interface LabFigures {
  made: string
  /** Held-out ones: seeds from 100 on, which nothing was tuned on. */
  seeds: number
  places: LabPlace[]
}

const firstHeldOut = 100

/** Null where the report is none, or has not both of them by persona in the same places. */
export function readLab(report: unknown, policy: string, incumbent: string): LabFigures | null {
  const figures = field(field(field(report, 'tracks'), 'B'), 'figures')
  const [means, personas] = [field(figures, 'means'), field(figures, 'by_persona')]
  if (!isObject(means) || !isObject(personas)) return null
  const places: LabPlace[] = []
  for (const at of Object.keys(means).filter(key => key.endsWith(`/${policy}`))) {
    const place = at.slice(0, -policy.length - 1)
    const [ours, theirs] = [numeric(means, at), numeric(means, `${place}/${incumbent}`)]
    const worst = worstPersona(field(personas, at), field(personas, `${place}/${incumbent}`))
    if (ours === null || theirs === null || worst === null) return null
    places.push({ place, policy: ours, incumbent: theirs, ...worst })
  }
  if (places.length === 0) return null
  const seeds = list(field(figures, 'seeds')).filter(seed => typeof seed === 'number' && seed >= firstHeldOut)
  return { made: text(report, 'made'), seeds: new Set(seeds).size, places }
}

function worstPersona(ours: unknown, theirs: unknown): { persona: string; gain: number } | null {
  if (!isObject(theirs) || Object.keys(theirs).length === 0) return null
  const gains = Object.keys(theirs).map(persona => {
    const [mine, other] = [numeric(ours, persona), numeric(theirs, persona)]
    return { persona, gain: mine === null || other === null ? Number.NaN : mine - other }
  })
  if (gains.some(({ gain }) => Number.isNaN(gain))) return null
  return gains.toSorted((a, b) => a.gain - b.gain)[0] ?? null
}
