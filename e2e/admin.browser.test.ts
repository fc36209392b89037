import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { assertSound, desk, openBrowser, openPage } from './browser.ts'
import { type Instance, startInstance } from './instance.ts'

let instance: Instance
let browser: Browser
before(async () => {
  instance = await startInstance({ admin: true })
  browser = await openBrowser()
})
after(async () => {
  await browser?.close()
  await instance?.stop()
})

test('the console: a wrong token is refused in a sentence, the right one shows every part and signs out again', async () => {
  const watched = await openPage(browser, instance.adminUrl, desk)
  const { page, context, complaints } = watched
  await page.goto('/')
  await page.waitForURL(/\/sign-in/)
  await assertSound(watched, 'console sign-in')
  await page.getByLabel('Admin token').fill('x'.repeat(48))
  await page.getByLabel('Admin token').press('Enter')
  await page.getByRole('alert').filter({ hasText: /token/i }).waitFor()
  // The browser itself writes the refused request to its console.
  assert.ok(complaints.splice(0).every(complaint => /status of 40[0-9]/.test(complaint)))
  await page.getByLabel('Admin token').fill(instance.adminToken)
  await page.getByRole('button', { name: 'Sign in with the token' }).click()
  await page.waitForURL(/\/health$/)
  for (const part of ['database', 'jobs']) {
    const row = page
      .getByRole('row')
      .filter({ has: page.getByRole('rowheader', { name: part, exact: true }) })
    assert.match(await row.innerText(), /up/)
  }
  assert.ok((await page.getByRole('rowheader').count()) >= 4)
  await page.getByText('Everything is up.').waitFor()
  await assertSound(watched, 'console health')

  const asPerson = await context.request.get(`${instance.adminUrl}/api/profile`)
  assert.equal(asPerson.status(), 403, 'the token has no person')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByText('You are signed out.').waitFor()
  await context.close()
})

test('the console says so when ml is gone', async () => {
  const { page, context } = await openPage(browser, instance.adminUrl, desk)
  const signIn = await context.request.post('/api/auth/token', { data: { token: instance.adminToken } })
  assert.equal(signIn.status(), 204)
  await instance.ml.kill()
  await page.goto('/health')
  const row = page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: /^ml/ }) })
  await row.getByText(/degraded|down/).waitFor()
  await instance.ml.start()
  await context.close()
})

test('somebody who is signed in but no admin is told so, and sees nothing of the console', async () => {
  const watched = await openPage(browser, instance.adminUrl, desk)
  const { page, context } = watched
  await page.goto('/sign-in')
  await page.getByRole('link', { name: 'Continue with the demo person' }).click()
  await page.getByText('You are signed in, but this console is for admins.').waitFor()
  assert.equal((await context.request.get('/api/admin/health')).status(), 403)
  await assertSound(watched, 'console, forbidden')
  await context.close()
})
