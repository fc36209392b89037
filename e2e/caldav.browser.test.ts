import assert from 'node:assert/strict'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type Radicale, startRadicale, taskListsOf } from '@oo/local'
import type { Browser } from 'playwright-core'
import {
  assertSound,
  desk,
  eventually,
  openBrowser,
  openPage,
  phone,
  settled,
  type Watched,
} from './browser.ts'
import { type Instance, startInstance } from './instance.ts'
import { assertFocusKept, pressOn, tabTo } from './keyboard.ts'
import { signIn, untilTask } from './people.ts'

const user = 'ann'
const password = 'app-password-of-ann'
/** To look at afterwards; the folder is named at the end of the file's run. */
const folder = mkdtempSync(join(tmpdir(), 'oo-caldav-'))

let radicale: Radicale
let instance: Instance
let browser: Browser
before(async () => {
  radicale = await startRadicale({ users: { [user]: password } })
  instance = await startInstance({
    policy: 'urgency',
    apiSettings: async () => ({ OO_CALDAV_INNER_HOSTS: new URL(radicale.url).host }),
  })
  browser = await openBrowser()
})
after(async () => {
  await browser?.close()
  await instance?.stop()
  await radicale?.stop()
  console.log(`  screenshots: ${folder}`)
})

const fieldsOf = ({ page }: Watched) => ({
  address: page.getByLabel('Server address'),
  user: page.getByLabel('User name'),
  password: page.getByLabel('App password'),
  connect: page.getByRole('button', { name: 'Connect CalDAV' }),
})

async function look({ page }: Watched, name: string): Promise<void> {
  await page.evaluate(settled)
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  assert.ok(wide <= 0, `${name}: ${wide} px wider than the page`)
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
}

/** A browser tells of the refusal itself in its console, and of nothing else. */
async function assertRefused(watched: Watched, state: string): Promise<void> {
  const [told = ''] = watched.complaints.splice(0, 1)
  assert.match(told, /status of 422/)
  await assertSound(watched, state)
}

test('by keyboard: nonsense is told beside its field, then a task is the tip and is done where it lives', async () => {
  const lists = taskListsOf({ url: radicale.url, user, password })
  const list = await lists.make()
  await lists.put(list, 'finch', 'SUMMARY:Feed the finch', 'PRIORITY:1')
  const watched = await openPage(browser, instance.url, desk)
  const { page, context } = watched
  const { keyboard } = page
  const fields = fieldsOf(watched)
  await signIn(context, 'caldav@example.test')
  await page.goto('/connect')
  await assertSound(watched, 'connect')
  await look(watched, 'desk-closed')
  await pressOn(page, fields.connect)
  await fields.address.waitFor()
  assert.ok(
    await fields.address.evaluate(field => field === document.activeElement),
    'the first field is next',
  )
  await look(watched, 'desk-form')

  await keyboard.type('not an address')
  await keyboard.press('Enter')
  await page.getByText('Type your user name there first.').waitFor()
  assert.ok(await fields.user.evaluate(field => field === document.activeElement))
  await keyboard.type(user)
  await tabTo(page, fields.password)
  await keyboard.type('another')
  await keyboard.press('Enter')
  const refusal = page.getByRole('alert').filter({ hasText: 'no address of a server' })
  await refusal.waitFor()
  await assertFocusKept(page, 'a refused address')
  assert.ok(
    await fields.address.evaluate(field => field === document.activeElement),
    'the wrong field is next',
  )
  assert.equal(await fields.address.getAttribute('aria-invalid'), 'true')
  await assertRefused(watched, 'a refused address')
  await look(watched, 'desk-address-refused')

  await fields.address.fill(radicale.url)
  await keyboard.press('Enter')
  await page.getByRole('alert').filter({ hasText: 'does not accept this name with this password' }).waitFor()
  await assertRefused(watched, 'a refused password')
  await fields.password.fill(password)
  await keyboard.press('Enter')
  await page.getByText('connected, 1 open task understood').waitFor()
  await assertSound(watched, 'connected')
  await look(watched, 'desk-connected')

  await untilTask(context)
  await pressOn(page, page.getByRole('link', { name: 'See your tip' }))
  await page.locator('.face-text', { hasText: 'Feed the finch' }).waitFor()
  await page.locator('html[data-live]').waitFor()
  await keyboard.press('d')
  await eventually('the task is completed at the server', 15_000, async () =>
    /STATUS:COMPLETED/.test(await lists.get(list, 'finch')),
  )
  await lists.delete(list)
  await context.close()
})

test('on a phone: a password that ended asks for the form again, with what was typed before', async () => {
  const narrow = { width: 320, height: 568 }
  const watched = await openPage(browser, instance.url, { ...phone, viewport: narrow })
  const { page, context } = watched
  const fields = fieldsOf(watched)
  const shapes = async (name: string) => {
    await look(watched, `320-${name}`)
    await page.setViewportSize(phone.viewport)
    await look(watched, `phone-${name}`)
    await page.setViewportSize(narrow)
  }
  await signIn(context, 'phone@example.test')
  await page.goto('/connect')
  await fields.connect.tap()
  await fields.address.fill(radicale.url)
  await fields.user.fill(user)
  await fields.password.fill(password)
  await shapes('form')
  await fields.connect.tap()
  await page.getByText('connected, 0 open tasks understood').waitFor()

  radicale.letIn({ [user]: 'a new one' })
  // Its memory goes with it, so that it asks the server anew.
  await instance.api.stop()
  await instance.api.start()
  await page.goto('/connect')
  await page.getByText('CalDAV no longer lets oO in. Connect it again.').waitFor()
  assert.equal(await fields.address.inputValue(), `${radicale.url}/`)
  assert.equal(await fields.user.inputValue(), user)
  await assertSound(watched, 'to connect again')
  await shapes('again')
  await fields.password.fill('a new one')
  await fields.connect.tap()
  await page.getByText('connected, 0 open tasks understood').waitFor()

  await page.goto('/you')
  const row = page.getByRole('listitem').filter({ hasText: 'CalDAV' }).first()
  await row.getByRole('button', { name: 'Disconnect CalDAV' }).tap()
  await row.getByText('end the password at your server too').waitFor()
  await shapes('you')
  await row.getByRole('button', { name: 'Yes, disconnect CalDAV' }).tap()
  await row.getByText('not connected').waitFor()
  await context.close()
})
