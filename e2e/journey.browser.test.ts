import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { unzipSync } from 'fflate'
import type { Browser, Page } from 'playwright-core'
import { assertSound, desk, eventually, openBrowser, openPage, phone, type Watched } from './browser.ts'
import { type Instance, startInstance } from './instance.ts'
import { assertFocusKept, pressOn, tabTo } from './keyboard.ts'
import { untilTask, withoutRecurring } from './people.ts'

const undoWindowMs = 6_000

let instance: Instance
let browser: Browser
before(async () => {
  instance = await startInstance({ asks: true })
  browser = await openBrowser()
})
after(async () => {
  await browser?.close()
  await instance?.stop()
})

const tipOf = (page: Page) => page.locator('.face-text')
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true })
const link = (page: Page, name: string | RegExp) => page.getByRole('link', { name, exact: true })
const isOpen = async (email: string, text: string) =>
  (await instance.tasks(email)).some(task => task.content === text && !task.checked)

/** The first answer of the server holds the tip's words: no script has to run to read them. */
async function assertInFirstAnswer({ page, context }: Watched): Promise<string> {
  const answer = await page.goto('/')
  const html = (await answer?.text()) ?? ''
  const text = await tipOf(page).innerText()
  const markup = html.replaceAll(/<script.*?<\/script>/gs, '')
  assert.ok(markup.includes(text), 'the tip is not in the markup of the first answer')
  const bare = await browser.newContext({
    baseURL: instance.url,
    javaScriptEnabled: false,
    storageState: await context.storageState(),
  })
  const still = await bare.newPage()
  await still.goto('/')
  assert.equal(await tipOf(still).innerText(), text, 'without JavaScript')
  await bare.close()
  return text
}

async function assertConnected(page: Page, email: string): Promise<void> {
  const open = (await instance.tasks(email)).filter(task => !task.checked).length
  await page.getByText(`connected, ${open} open tasks understood`).waitFor()
}

/** Done reaches the provider when the time to undo is over, and not before. */
async function assertCompleted(email: string, text: string, saidAt: number): Promise<void> {
  await eventually('the task is completed at the provider', 15_000, async () => !(await isOpen(email, text)))
  const passedMs = performance.now() - saidAt
  assert.ok(passedMs >= undoWindowMs - 500, `completed after ${passedMs} ms, while undo was still offered`)
}

async function assertExport(page: Page, download: () => Promise<void>, text: string): Promise<void> {
  const [file] = await Promise.all([page.waitForEvent('download'), download()])
  const files = unzipSync(await readFile(await file.path()))
  const all = Object.entries(files).map(([name, bytes]) => [name, new TextDecoder().decode(bytes)] as const)
  assert.match(files['README.md'] ? new TextDecoder().decode(files['README.md']) : '', /oO/)
  assert.ok(all.some(([name, words]) => name.endsWith('reactions.jsonl') && words.trim() !== ''))
  // Words of tasks are in it only for the tip that stands on the page, sealed until then.
  for (const [name, words] of all)
    if (name !== 'recommender/tips.jsonl') assert.ok(!words.includes(text), `${name} holds a task's text`)
}

async function assertReceipt(watched: Watched): Promise<void> {
  const { page } = watched
  await page.waitForURL('**/receipt/*')
  await page.getByText('Everything is deleted.').waitFor({ timeout: 30_000 })
  const steps = await page.getByRole('list', { name: 'Steps' }).getByRole('listitem').allInnerTexts()
  assert.ok(steps.length >= 5, steps.join('; '))
  for (const step of steps) assert.match(step, /done · \d+ rows?/)
  await assertSound(watched, 'the receipt')
}

async function assertGone({ page }: Watched, email: string): Promise<void> {
  await page.goto('/')
  await page.waitForURL('**/sign-in*')
  await eventually('the grant is revoked at the provider', 15_000, async () => {
    const { live } = await instance.control<{ live: number }>('GET', `todoist/${email}/grants`)
    return live === 0
  })
}

test('the whole path on a phone: sign in, connect, done, undone, completed, reopened, exported, deleted', async () => {
  const email = 'mouse@example.test'
  await withoutRecurring(instance, email)
  const watched = await openPage(browser, instance.url, { ...phone, acceptDownloads: true })
  const { page, context } = watched

  await page.goto('/')
  await page.waitForURL('**/sign-in*')
  await page.getByText('By continuing you agree to the terms').waitFor()
  await assertSound(watched, 'sign-in')
  await link(page, 'Continue with the demo person').tap()
  await page.getByText('Use another address').tap()
  await page.getByLabel('E-mail address').fill(email)
  await button(page, 'Continue').tap()

  await page.waitForURL('**/connect*')
  await assertSound(watched, 'connect')
  await link(page, 'Connect Todoist').tap()
  await button(page, 'Continue as Mouse').tap()
  await page.waitForURL('**/connect*')
  await assertConnected(page, email)
  await assertSound(watched, 'connected')
  await untilTask(context)
  await link(page, 'See your tip').tap()
  await tipOf(page).waitFor()

  const text = await assertInFirstAnswer(watched)
  await assertSound(watched, 'the tip')
  await tipOf(page).tap()
  await assertSound(watched, 'the tip, opened')
  await button(page, 'More').tap()
  await page.getByRole('dialog').waitFor()
  await assertSound(watched, 'the sheet')
  await button(page, 'Close').tap()
  await page.getByRole('dialog').waitFor({ state: 'detached' })

  await button(page, 'done').tap()
  await button(page, /^Undo “done”/).waitFor()
  await assertSound(watched, 'undo is offered')
  await button(page, /^Undo “done”/).tap()
  await page.locator('[data-motion=still] .face-text', { hasText: text }).waitFor()
  assert.ok(await isOpen(email, text), 'undone in time')

  await tipOf(page).tap()
  await button(page, 'done').tap()
  await assertCompleted(email, text, performance.now())

  await link(page, 'You and your settings').tap()
  await page.getByRole('heading', { name: 'You', exact: true }).waitFor()
  await assertSound(watched, 'you')
  const row = page.getByRole('listitem').filter({ hasText: 'completed where it came from' })
  await row.getByRole('button', { name: /^Undo/ }).tap()
  await page
    .getByText('undone, being reopened')
    .or(page.getByText(/Done · .* · undone/))
    .first()
    .waitFor()
  await eventually('the task is open again at the provider', 15_000, () => isOpen(email, text))
  await assertSound(watched, 'you, after an undo')

  await assertExport(page, () => link(page, 'Download everything').tap(), text)
  await button(page, 'Delete my account').tap()
  await page.getByText('Type the word delete into the field first').waitFor()
  await assertSound(watched, 'a deletion that is not confirmed')
  await page.getByLabel('Type “delete” to confirm').fill('delete')
  await button(page, 'Delete my account').tap()
  await assertReceipt(watched)
  await assertGone(watched, email)
  await context.close()
})

test('the whole path by keyboard alone, the focus always seen and never lost', async () => {
  const email = 'keys@example.test'
  await withoutRecurring(instance, email)
  const watched = await openPage(browser, instance.url, { ...desk, acceptDownloads: true })
  const { page, context } = watched
  const { keyboard } = page

  await page.goto('/')
  await page.waitForURL('**/sign-in*')
  await assertSound(watched, 'sign-in')
  await pressOn(page, link(page, 'Continue with the demo person'))
  await pressOn(page, page.getByText('Use another address'))
  await tabTo(page, page.getByLabel('E-mail address'))
  await keyboard.type(email)
  await keyboard.press('Enter')
  await page.waitForURL('**/connect*')
  await pressOn(page, link(page, 'Connect Todoist'))
  await pressOn(page, button(page, 'Continue as Keys'), 'Space')
  await page.waitForURL('**/connect*')
  await assertConnected(page, email)
  await untilTask(context)
  await pressOn(page, link(page, 'See your tip'))

  await page.locator('html[data-live] .face-text').waitFor()
  const text = await tipOf(page).innerText()
  await keyboard.press('?')
  await page.getByRole('dialog', { name: 'Keys' }).waitFor()
  await assertSound(watched, 'the keys')
  await assertFocusKept(page, 'opening the keys')
  await keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await pressOn(page, tipOf(page))
  await assertSound(watched, 'the tip, opened')

  await keyboard.press('w')
  await page.getByRole('group', { name: 'Why this tip' }).getByRole('listitem').first().waitFor()
  await assertFocusKept(page, 'w')
  await assertSound(watched, 'why')
  await keyboard.press('Escape')
  await pressOn(page, tipOf(page))
  await pressOn(page, button(page, 'More'))
  await pressOn(page, button(page, /^Why this/))
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await assertFocusKept(page, 'why, from the sheet')
  await pressOn(page, button(page, 'wrong time').or(button(page, 'wrong thing')).first(), 'Space')
  await button(page, /^Undo “wrong time”/).waitFor()
  await keyboard.press('z')
  await page.locator('[data-motion=still] .face-text', { hasText: text }).waitFor()
  await pressOn(page, tipOf(page))

  await keyboard.press('s')
  await button(page, 'in an hour').waitFor()
  await assertFocusKept(page, 's')
  await assertSound(watched, 'later')
  await keyboard.press('Escape')
  await assertFocusKept(page, 'Escape')

  await keyboard.press('x')
  await button(page, /^Undo “not this”/).waitFor()
  await assertFocusKept(page, 'x')
  await keyboard.press('z')
  await page.locator('[data-motion=still] .face-text', { hasText: text }).waitFor()
  await assertFocusKept(page, 'z')
  assert.ok(await isOpen(email, text))

  await pressOn(page, tipOf(page))
  await pressOn(page, button(page, 'done'), 'Space')
  const saidAt = performance.now()
  await button(page, /^Undo “done”/).waitFor()
  await assertFocusKept(page, 'done')
  await page.locator('[data-motion=still] .face-text').filter({ hasNotText: text }).waitFor()
  await assertFocusKept(page, 'the next tip')
  await assertSound(watched, 'the next tip')
  await assertCompleted(email, text, saidAt)
  await button(page, /^Undo/).waitFor({ state: 'detached' })
  await keyboard.press('z')
  await eventually('the task is open again at the provider', 15_000, () => isOpen(email, text))
  await assertFocusKept(page, 'a later z')
  // A tip that is still moving takes no key.
  await page.locator('[data-motion=still] .face-text').waitFor()
  await keyboard.press('d')
  await button(page, /^Undo “done”/).waitFor()
  await assertFocusKept(page, 'd')

  await pressOn(page, link(page, 'You and your settings'))
  await page.getByRole('heading', { name: 'You', exact: true }).waitFor()
  const again = page.getByRole('button', { name: /^Undo “done”/ }).first()
  await pressOn(page, again)
  await again.waitFor({ state: 'detached' })
  await assertFocusKept(page, 'undo on /you')
  await pressOn(page, button(page, 'Agree : Know how you feel'))
  await pressOn(page, button(page, 'Not so good'))
  await page.getByText('Not so good, noted just now.').waitFor()
  await pressOn(page, button(page, 'Undo “Not so good”'))
  await page.getByText('Not so good, noted just now.').waitFor({ state: 'detached' })
  await assertFocusKept(page, 'undo of a mood')
  await assertSound(watched, 'you')
  await assertExport(page, () => pressOn(page, link(page, 'Download everything')), text)
  await tabTo(page, page.getByLabel('Type “delete” to confirm'))
  await keyboard.type('delete')
  await pressOn(page, button(page, 'Delete my account'))
  await assertReceipt(watched)
  await assertGone(watched, email)
  await context.close()
})
