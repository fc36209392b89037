// An OpenAPI document as the comparison needs it: plain trees, with references followed.

export type Tree = { readonly [key: string]: unknown }

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A tree where there is one, else an empty one: what a document leaves out says nothing. */
export const treeOf = (value: unknown): Tree => (isTree(value) ? value : {})
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
export const textsOf = (value: unknown): string[] => listOf(value).filter(item => typeof item === 'string')

const mostHops = 20

/** What a `$ref` stands for; anything else is itself. */
export function followed(document: Tree, value: unknown): Tree {
  let at = treeOf(value)
  for (let hop = 0; typeof at.$ref === 'string'; hop++) {
    if (hop === mostHops || !at.$ref.startsWith('#/')) throw new Error(`${at.$ref} cannot be followed.`)
    let target: unknown = document
    for (const step of at.$ref.slice(2).split('/'))
      target = treeOf(target)[step.replaceAll('~1', '/').replaceAll('~0', '~')]
    if (!isTree(target)) throw new Error(`${at.$ref} leads nowhere.`)
    at = target
  }
  return at
}
