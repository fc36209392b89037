import { readText } from '../trackedFiles.ts'
import { treeOf } from './document.ts'
import { contractBreaks } from './operations.ts'

const released = 'packages/shared-types/released/openapi.json'
const present = 'packages/shared-types/gen/openapi.json'

/** Whoever was written for the released contract must be able to live with the present one. */
export function httpBreaks(root: string): string[] {
  const document = (path: string) => treeOf(JSON.parse(readText(root, path)))
  return contractBreaks({ released: document(released), present: document(present) })
}
