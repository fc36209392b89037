// The way to a tip of a certain sort, for tests whose story needs one.
import assert from 'node:assert/strict'
import type { Person } from './testBrowser.ts'

export interface TestTip {
  id: string
  decisionId: string
  kind: string
  text: string
  policy: string
  source: { provider: string }
  hint?: string
  context?: string
}

/** More than the library has cards. */
const mostSkipped = 200

/** A tip as the contract describes it; the gateway lets no other shape out. */
export async function tipOf(person: Person): Promise<TestTip> {
  const { status, body } = await person.send('POST', '/api/recommend')
  assert.equal(status, 200, JSON.stringify(body))
  assert.ok(body.tip, JSON.stringify(body))
  return body.tip as TestTip
}

/** The next tip that is wanted. What comes before it rests: nothing is learned of it, and no provider is told. */
export async function tipThat(person: Person, isWanted: (tip: TestTip) => boolean): Promise<TestTip> {
  for (let skipped = 0; skipped < mostSkipped; skipped++) {
    const tip = await tipOf(person)
    if (isWanted(tip)) return tip
    const skip = { tipId: tip.id, reaction: 'already_done' }
    assert.equal((await person.send('POST', '/api/feedback', skip)).status, 200)
  }
  assert.fail('the wanted tip never came')
}

export const nextTask = (person: Person): Promise<TestTip> => tipThat(person, ({ kind }) => kind === 'todo')
