// What one schema in place of another would break. `asked`: clients send it, so whatever was taken must still be
// taken. `answered`: clients read it, so nothing may come that could not come before, and nothing may stay away.
import { followed, isTree, listOf, type Tree, textsOf, treeOf } from './document.ts'

export type Direction = 'asked' | 'answered'

/** The two documents, so that references are followed each in its own. */
export interface Versions {
  released: Tree
  present: Tree
}

interface Place {
  versions: Versions
  direction: Direction
  where: string
  /** Pairs of schemas that are being compared: one that holds itself ends there. */
  seen: ReadonlyMap<Tree, ReadonlySet<Tree>>
}

const kinds = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null']
const lower = ['minLength', 'minimum', 'exclusiveMinimum', 'minItems', 'minProperties']
const upper = ['maxLength', 'maximum', 'exclusiveMaximum', 'maxItems', 'maxProperties']

export function schemaBreaks(released: unknown, present: unknown, place: Omit<Place, 'seen'>): string[] {
  return compare(released, present, { ...place, seen: new Map() })
}

function compare(released: unknown, present: unknown, place: Place): string[] {
  const { versions, seen, where } = place
  const before = followed(versions.released, released)
  const now = followed(versions.present, present)
  const met = seen.get(before)
  if (met?.has(now)) return []
  const deeper: Place = { ...place, seen: new Map(seen).set(before, new Set([...(met ?? []), now])) }
  for (const word of ['allOf', 'not', 'if', 'patternProperties', 'prefixItems'])
    if (word in before || word in now)
      return JSON.stringify(before) === JSON.stringify(now)
        ? []
        : [`${where} changed and uses ${word}, which this check cannot judge; say it in other words`]
  if (choicesOf(before) || choicesOf(now)) return choiceBreaks(before, now, deeper)
  return [
    ...kindBreaks(before, now, place),
    ...valueBreaks(before, now, place),
    ...limitBreaks(before, now, place),
    ...fieldBreaks(before, now, deeper),
    ...itemBreaks(before, now, deeper),
  ]
}

const choicesOf = (schema: Tree): readonly unknown[] | undefined =>
  schema.oneOf || schema.anyOf ? [...listOf(schema.oneOf), ...listOf(schema.anyOf)] : undefined

/** Every alternative of the side that must not grow needs a counterpart on the other. */
function choiceBreaks(before: Tree, now: Tree, place: Place): string[] {
  const old = choicesOf(before) ?? [before]
  const fresh = choicesOf(now) ?? [now]
  const fits = (released: unknown, present: unknown) => compare(released, present, place).length === 0
  if (place.direction === 'asked')
    return old.every(one => fresh.some(other => fits(one, other)))
      ? []
      : [`${place.where} no longer takes one of its alternatives`]
  return fresh.every(one => old.some(other => fits(other, one)))
    ? []
    : [`${place.where} may be an alternative that it was not`]
}

function kindsOf({ type }: Tree): Set<string> {
  const named = typeof type === 'string' ? [type] : type === undefined ? kinds : textsOf(type)
  return new Set(named.includes('number') ? [...named, 'integer'] : named)
}

function kindBreaks(before: Tree, now: Tree, { direction, where }: Place): string[] {
  const [narrow, wide] = direction === 'asked' ? [before, now] : [now, before]
  const missing = [...kindsOf(narrow)].filter(kind => !kindsOf(wide).has(kind))
  if (missing.length === 0) return []
  return [
    direction === 'asked'
      ? `${where} is no longer taken as ${missing.join(', ')}`
      : `${where} may now be ${missing.join(', ')}`,
  ]
}

const valuesOf = (schema: Tree): readonly unknown[] | null =>
  'const' in schema ? [schema.const] : Array.isArray(schema.enum) ? schema.enum : null

function valueBreaks(before: Tree, now: Tree, { direction, where }: Place): string[] {
  const [old, fresh] = [valuesOf(before), valuesOf(now)]
  const [narrow, wide] = direction === 'asked' ? [old, fresh] : [fresh, old]
  if (!wide) return []
  if (!narrow)
    return [direction === 'asked' ? `${where} takes only some values now` : `${where} may be any value now`]
  const missing = narrow.filter(value => !wide.includes(value))
  if (missing.length === 0) return []
  return [
    `${where} ${direction === 'asked' ? 'no longer takes' : 'may now be'} ${missing.map(value => JSON.stringify(value)).join(', ')}`,
  ]
}

/** Limits bind who sends; a format is also a promise to who reads. */
function limitBreaks(before: Tree, now: Tree, { direction, where }: Place): string[] {
  if (direction === 'answered')
    return before.format === undefined || before.format === now.format
      ? []
      : [`${where} is no longer in the format ${before.format}`]
  const breaks: string[] = []
  const tighter = (name: string, isTighter: (was: number, is: number) => boolean, none: number) => {
    const [was, is] = [before[name] ?? none, now[name] ?? none]
    if (typeof was === 'number' && typeof is === 'number' && isTighter(was, is))
      breaks.push(`${where} has a tighter ${name}: ${is}`)
  }
  for (const name of lower) tighter(name, (was, is) => is > was, -Infinity)
  for (const name of upper) tighter(name, (was, is) => is < was, Infinity)
  for (const name of ['pattern', 'format', 'multipleOf', 'uniqueItems'])
    if (now[name] !== undefined && now[name] !== before[name]) breaks.push(`${where} has another ${name}`)
  if ('default' in before && JSON.stringify(before.default) !== JSON.stringify(now.default))
    breaks.push(`${where} has another default`)
  return breaks
}

function fieldBreaks(before: Tree, now: Tree, place: Place): string[] {
  const { direction, where } = place
  const [old, fresh] = [treeOf(before.properties), treeOf(now.properties)]
  const [mustBefore, mustNow] = [new Set(textsOf(before.required)), new Set(textsOf(now.required))]
  const breaks: string[] = []
  for (const [name, schema] of Object.entries(old)) {
    const inside = `${where}.${name}`
    if (!(name in fresh)) breaks.push(`${inside} is gone`)
    else breaks.push(...compare(schema, fresh[name], { ...place, where: inside }))
  }
  if (direction === 'asked') {
    for (const name of mustNow) if (!mustBefore.has(name)) breaks.push(`${where}.${name} is required now`)
    if (now.additionalProperties === false && before.additionalProperties !== false && 'properties' in before)
      breaks.push(`${where} no longer takes other fields`)
  } else
    for (const name of mustBefore)
      if (!mustNow.has(name) && name in fresh) breaks.push(`${where}.${name} may be missing now`)
  return breaks
}

function itemBreaks(before: Tree, now: Tree, place: Place): string[] {
  const breaks: string[] = []
  for (const [name, sign] of [
    ['items', '[]'],
    ['additionalProperties', '.*'],
  ] as const)
    if (isTree(before[name]) && isTree(now[name]))
      breaks.push(...compare(before[name], now[name], { ...place, where: `${place.where}${sign}` }))
  return breaks
}
