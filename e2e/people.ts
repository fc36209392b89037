// Short ways to a signed-in person, for tests whose story begins later.
import type { BrowserContext } from 'playwright-core'
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

/** The only open task of this person, in the provider's own app. */
export async function onlyTask(
  instance: Instance,
  email: string,
  task: Record<string, unknown>,
): Promise<void> {
  for (const { id, checked } of await instance.tasks(email))
    if (!checked) await instance.control('POST', `todoist/${encodeURIComponent(email)}/tasks/${id}/delete`)
  await instance.control('POST', `todoist/${encodeURIComponent(email)}/tasks`, task)
}

/** A recurring task that is completed stays open at its next date; some stories are about tasks that end. */
export async function withoutRecurring(instance: Instance, email: string): Promise<void> {
  for (const { id, due } of await instance.tasks(email))
    if (due?.is_recurring)
      await instance.control('POST', `todoist/${encodeURIComponent(email)}/tasks/${id}/delete`)
}
