import { lockHoles, readLock } from '../completeLock.ts'
import { readText, repositoryFiles } from './trackedFiles.ts'

const lockFiles = /(^|\/)(package-lock\.json|requirements\/.*\.txt|\.npmrc)$/
const downloadAddress = /https?:\/\/[^\s"']+|--(?:extra-)?index-url|--find-links/g
const homepageOnly =
  /^https?:\/\/(?:opencollective\.com|github\.com\/sponsors|[^/]*patreon\.com|tidelift\.com)/

/** Lock files name packages and hashes, never where to get them: that is the machine's own setting. */
export function hostProblems(root: string): string[] {
  return repositoryFiles(root, lockFiles).flatMap(file => {
    const text = file.endsWith('package-lock.json')
      ? resolvedOnly(readText(root, file))
      : readText(root, file)
    const found = [...new Set(text.match(downloadAddress) ?? [])].filter(
      address => !homepageOnly.test(address),
    )
    return found.slice(0, 5).map(address => `${file} names ${address}`)
  })
}

/** A lock with holes installs here and nowhere else. */
export function lockProblems(root: string): string[] {
  const missing = lockHoles(readLock(root)).length
  return missing === 0
    ? []
    : [`package-lock.json lacks ${missing} platform builds: run node infra/local/completeLock.ts`]
}

const secretPatterns: [string, RegExp][] = [
  ['a private key', /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\n[A-Za-z0-9+/=]{40}/],
  ['a master key', /^OO_KEK_\w+=\S{40,}/m],
  ['a secret', /^(?:OO_SECRET|ML_SHARED_SECRET|ADMIN_TOKEN|VAPID_PRIVATE_KEY)=\S{20,}/m],
]

/** Nothing secret is committed: no private keys, none of the values that belong into `.env.local`. */
export function secretProblems(root: string): string[] {
  const texts = repositoryFiles(root, /\.(ts|tsx|mjs|cjs|js|json|py|md|ya?ml|toml|example|sh|txt)$|^\.env/)
  return texts.flatMap(file => {
    const text = readText(root, file)
    return secretPatterns.filter(([, pattern]) => pattern.test(text)).map(([what]) => `${file} holds ${what}`)
  })
}

/** Funding and licence links in the lock are people's pages; only `resolved` is a download. */
function resolvedOnly(lock: string): string {
  return lock
    .split('\n')
    .filter(line => line.includes('"resolved"'))
    .join('\n')
}
