// Short ways to a signed-in person, for tests whose story begins later.
import assert from 'node:assert/strict'
import type { BrowserContext } from 'playwright-core'
import { eventually } from './browser.ts'
import type { Instance } from './instance.ts'

/** Signs in through the sandbox, which approves at once, and connects Todoist. */
export async function signInAndConnect(context: BrowserContext, email: string): Promise<void> {
  await signIn(context, email)
  await context.request.get('/api/integrations/todoist/connect?next=/legal/terms')
}

export async function signIn(context: BrowserContext, email: string): Promise<void> {
  await context.request.get(
    `/api/auth/login/demo?login_hint=${encodeURIComponent(email)}&next=${encodeURIComponent('/legal/terms')}`,
  )
}

/** Agrees that oO keeps how they feel, and notes it. */
export async function noteMood({ request }: BrowserContext): Promise<void> {
  const { senses } = await (await request.get('/api/profile/consents')).json()
  const { version } = senses.find(({ purpose }: { purpose: string }) => purpose === 'mood')
  const data = { purpose: 'mood', version, granted: true }
  assert.ok((await request.put('/api/profile/consents', { data })).ok())
  assert.ok((await request.post('/api/signals/mood', { data: { mood: -1 } })).ok())
}

/** The only open task of this person, in the provider's own app; urgent, so that it is soon the tip. */
export async function onlyTask(
  instance: Instance,
  email: string,
  task: Record<string, unknown>,
): Promise<void> {
  for (const { id, checked } of await instance.tasks(email))
    if (!checked) await instance.control('POST', `todoist/${encodeURIComponent(email)}/tasks/${id}/delete`)
  await instance.control('POST', `todoist/${encodeURIComponent(email)}/tasks`, { priority: 4, ...task })
}

/** A recurring task that is completed stays open at its next date; some stories are about tasks that end. */
export async function withoutRecurring(instance: Instance, email: string): Promise<void> {
  for (const { id, due } of await instance.tasks(email))
    if (due?.is_recurring)
      await instance.control('POST', `todoist/${encodeURIComponent(email)}/tasks/${id}/delete`)
}

/** Until a task is the tip. Advice before it rests: nothing is learned of it, and no provider is told. */
export async function untilTask({ request }: BrowserContext): Promise<void> {
  await eventually('a task is the tip', 30_000, async () => {
    const { tip } = await (await request.post('/api/recommend', { data: {} })).json()
    if (!tip || tip.kind === 'todo') return tip !== null
    const data = { tipId: tip.id, reaction: 'already_done' }
    assert.ok((await request.post('/api/feedback', { data })).ok())
    return false
  })
}
