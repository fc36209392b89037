import { type Fields, isFields } from '../read.ts'
import { invalid } from './errors.ts'

type Mask = { [name: string]: Mask | true }

const maxDepth = 8

/** Reads `a,b/c,d(e,f)`; undefined when it cannot be read. */
function maskFrom(text: string): Mask | undefined {
  const tokens = text.match(/[A-Za-z0-9_*-]+|[(),/]|./g) ?? []
  let next = 0
  const list = (depth: number): Mask | undefined => {
    const mask: Mask = {}
    for (;;) {
      const name = tokens[next]
      if (depth > maxDepth || name === undefined || !/^[A-Za-z0-9_*-]+$/.test(name)) return undefined
      next += 1
      const under = below(depth)
      if (under === undefined) return undefined
      mask[name] = under
      if (tokens[next] !== ',') return mask
      next += 1
    }
  }
  const below = (depth: number): Mask | true | undefined => {
    if (tokens[next] === '/') {
      next += 1
      const name = tokens[next]
      if (name === undefined || !/^[A-Za-z0-9_*-]+$/.test(name) || depth > maxDepth) return undefined
      next += 1
      const under = below(depth + 1)
      return under === undefined ? undefined : { [name]: under }
    }
    if (tokens[next] !== '(') return true
    next += 1
    const inner = list(depth + 1)
    if (!inner || tokens[next] !== ')') return undefined
    next += 1
    return inner
  }
  const mask = list(0)
  return next === tokens.length ? mask : undefined
}

function kept(value: unknown, mask: Mask | true): unknown {
  if (mask === true) return value
  if (Array.isArray(value)) return value.map(entry => kept(entry, mask))
  if (!isFields(value)) return value
  const all = mask['*']
  const wanted = Object.entries(value).flatMap(([name, entry]) => {
    const under = Object.hasOwn(mask, name) ? mask[name] : all
    return under === undefined ? [] : [[name, kept(entry, under)]]
  })
  return Object.fromEntries(wanted)
}

/** Google's partial response: `fields=items(id,start,end)` brings nothing else, titles neither. */
export function partial(answer: Fields, fields: string | undefined): unknown {
  if (fields === undefined) return answer
  const mask = maskFrom(fields.replaceAll(' ', ''))
  if (!mask) throw invalid('fields', `Invalid field selection ${fields}`)
  return kept(answer, mask)
}
