import { Problem, problems } from '@oo/kernel'
import type { Actor } from '@oo/shared-types/handlers'

export type Rule = 'public' | 'session' | 'person' | 'admin'

const rules: ReadonlySet<string> = new Set<Rule>(['public', 'session', 'person', 'admin'])
const isRule = (name: string): name is Rule => rules.has(name)

/** The rule of an operation; a route without one is refused at the start. */
export function ruleOf(operationId: string, security: readonly Record<string, unknown>[] | undefined): Rule {
  if (!security)
    throw new Error(`Operation ${operationId} says nothing about security; write \`security: []\` or a rule.`)
  const names = security.flatMap(scheme => Object.keys(scheme))
  const name = names.length === 0 ? 'public' : names.length === 1 ? (names[0] ?? '') : ''
  if (!isRule(name)) throw new Error(`Operation ${operationId} needs one rule out of person, session, admin.`)
  return name
}

/** Lets the actor pass or says why not. A session without a person is an admin's; person routes refuse it. */
export function refuseUnlessAllowed(rule: Rule, actor: Actor | null): void {
  if (rule === 'public') return
  if (!actor) throw new Problem(problems.notSignedIn)
  if (rule === 'person' && actor.personId === null) throw new Problem(problems.noPerson)
  if (rule === 'admin' && actor.role !== 'admin') throw new Problem(problems.forbidden)
}

/** Whether whoever began to read may still: the same one, with a right that still holds. */
export function mayGoOn(rule: Rule, began: Actor | null, now: Actor | null): boolean {
  if (rule === 'public') return true
  if (!now || now.sessionId !== began?.sessionId || now.personId !== began.personId) return false
  return rule !== 'admin' || now.role === 'admin'
}
