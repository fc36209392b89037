import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readText, repositoryFiles } from './trackedFiles.ts'

// A path names a file or folder of the repository when its first part is one of these.
const topFolders = /^(apps|services|packages|ml|e2e|infra|docs|requirements|\.ci)\//
const scriptCommand = /^npm run ([a-z:-]+)/

/** Paths and `npm run` scripts in backticks that a README or CONTRIBUTING promises and that are not there. */
export function documentedPathProblems(root: string): string[] {
  const scripts: Record<string, string> = JSON.parse(readText(root, 'package.json')).scripts
  return repositoryFiles(root, /(^|\/)(README|CONTRIBUTING)\.md$/).flatMap(file => {
    const quoted = [...readText(root, file).matchAll(/`([^`\n]+)`/g)].map(match => match[1] ?? '')
    return quoted.flatMap(text => problemOf(root, file, text, scripts))
  })
}

function problemOf(root: string, file: string, text: string, scripts: Record<string, string>): string[] {
  const script = scriptCommand.exec(text)?.[1]
  if (script && scripts[script] === undefined)
    return [`${file} speaks of \`npm run ${script}\`, which package.json does not have`]
  const path = text.replace(/[:#].*$/, '')
  if (!topFolders.test(path) || /[\s<>{}*…|()]/.test(path)) return []
  const exists = existsSync(join(root, path)) || existsSync(join(root, dirname(file), path))
  return exists ? [] : [`${file} speaks of \`${path}\`, which does not exist`]
}
