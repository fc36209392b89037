// What a present HTTP contract would break of a released one, operation by operation.
import { followed, listOf, type Tree, treeOf } from './document.ts'
import { type Direction, schemaBreaks, type Versions } from './schemas.ts'

const methods = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options']

export function contractBreaks(versions: Versions): string[] {
  const present = operationsOf(versions.present)
  return [...operationsOf(versions.released)].flatMap(([key, before]) => {
    const now = present.get(key)
    const { name, operation } = before
    if (!now) return [`${name} is gone`]
    return [
      ...rightBreaks(operation, now.operation, name),
      ...parameterBreaks(versions, before, now),
      ...bodyBreaks(versions, operation, now.operation, name),
      ...responseBreaks(versions, operation, now.operation, name),
    ]
  })
}

interface Named {
  name: string
  operation: Tree
  /** The parameters of the path, in their order there. */
  places: string[]
}

/** By method and path; what the path calls its parameters is nobody's business but the server's. */
function operationsOf(document: Tree): Map<string, Named> {
  const operations = new Map<string, Named>()
  for (const [path, value] of Object.entries(treeOf(document.paths))) {
    const item = treeOf(value)
    for (const method of methods.filter(candidate => candidate in item)) {
      const operation = treeOf(item[method])
      const parameters = [...listOf(item.parameters), ...listOf(operation.parameters)]
      const name = `${method.toUpperCase()} ${path}`
      operations.set(name.replaceAll(/\{\w+\}/g, '{}'), {
        name,
        operation: { ...operation, parameters },
        places: [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter = '']) => parameter),
      })
    }
  }
  return operations
}

const ruleOf = (operation: Tree): string =>
  listOf(operation.security)
    .flatMap(rule => Object.keys(treeOf(rule)))
    .join(' or ') || 'nobody'

/** Everybody may do what needs no sign-in, and any session what a person or an admin may. */
function rightBreaks(before: Tree, now: Tree, name: string): string[] {
  const [was, is] = [ruleOf(before), ruleOf(now)]
  const wider = is === 'nobody' || (is === 'session' && was !== 'nobody')
  return is === was || wider ? [] : [`${name} asked for ${was}, and asks for ${is} now`]
}

function parameterBreaks(versions: Versions, before: Named, now: Named): string[] {
  const { name } = before
  const old = parametersOf(versions.released, before)
  const fresh = parametersOf(versions.present, now)
  const breaks: string[] = []
  for (const [key, parameter] of old) {
    const where = `${name}: ${key}`
    const present = fresh.get(key)
    if (!present) breaks.push(`${where} is gone`)
    else
      breaks.push(
        ...(present.required && !parameter.required ? [`${where} is required now`] : []),
        ...schemaBreaks(parameter.schema, present.schema, { versions, direction: 'asked', where }),
      )
  }
  for (const [key, parameter] of fresh)
    if (parameter.required && !old.has(key)) breaks.push(`${name}: ${key} is new and required`)
  return breaks
}

/** Those of the path by their place in it, the others by name. */
function parametersOf(document: Tree, { operation, places }: Named): Map<string, Tree> {
  const keyOf = ({ in: place, name }: Tree): string =>
    place === 'path'
      ? `path parameter ${places.indexOf(String(name)) + 1}`
      : `${place} parameter ${String(name).toLowerCase()}`
  const parameters = listOf(operation.parameters).map(parameter => followed(document, parameter))
  return new Map(parameters.map(parameter => [keyOf(parameter), parameter]))
}

function bodyBreaks(versions: Versions, before: Tree, now: Tree, name: string): string[] {
  const old = followed(versions.released, before.requestBody)
  const fresh = followed(versions.present, now.requestBody)
  return [
    ...(fresh.required && !old.required ? [`${name}: a body is required now`] : []),
    ...contentBreaks(versions, old.content, fresh.content, { direction: 'asked', where: `${name}: body` }),
  ]
}

function responseBreaks(versions: Versions, before: Tree, now: Tree, name: string): string[] {
  const [old, fresh] = [treeOf(before.responses), treeOf(now.responses)]
  const breaks = Object.keys(fresh)
    .filter(status => /^[23]/.test(status) && !(status in old))
    .map(status => `${name} may answer ${status}, which no client expects`)
  for (const [status, response] of Object.entries(old)) {
    const where = `${name}: answer ${status}`
    if (!(status in fresh)) breaks.push(`${where} is gone`)
    else
      breaks.push(
        ...contentBreaks(
          versions,
          followed(versions.released, response).content,
          followed(versions.present, fresh[status]).content,
          { direction: 'answered', where },
        ),
      )
  }
  return breaks
}

function contentBreaks(
  versions: Versions,
  before: unknown,
  now: unknown,
  { direction, where }: { direction: Direction; where: string },
): string[] {
  const fresh = treeOf(now)
  return Object.entries(treeOf(before)).flatMap(([type, content]) => {
    if (!(type in fresh)) return [`${where} as ${type} is gone`]
    const [released, present] = [treeOf(content).schema, treeOf(fresh[type]).schema]
    return schemaBreaks(released, present, { versions, direction, where })
  })
}
