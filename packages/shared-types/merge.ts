// One OpenAPI document out of the files in http/: openapi.yaml is the frame, every other file a module.
// Two modules that claim the same path or name are a mistake, so a clash stops the merge.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

type Tree = { [key: string]: unknown }

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function graft(into: Tree, from: Tree, where: string, depth: number): void {
  for (const [key, value] of Object.entries(from)) {
    const present = into[key]
    if (present === undefined) into[key] = value
    else if (depth > 0 && isTree(present) && isTree(value))
      graft(present, value, `${where}/${key}`, depth - 1)
    else throw new Error(`${where}/${key} is declared by two files of packages/shared-types/http.`)
  }
}

/** The whole document; `graft` goes three levels deep: components → schemas → name. */
export function mergeHttp(folder: string): Tree {
  const whole: Tree = parse(readFileSync(join(folder, 'openapi.yaml'), 'utf8'))
  const modules = readdirSync(folder).filter(file => file.endsWith('.yaml') && file !== 'openapi.yaml')
  for (const file of modules.sort()) graft(whole, parse(readFileSync(join(folder, file), 'utf8')), file, 2)
  return whole
}
