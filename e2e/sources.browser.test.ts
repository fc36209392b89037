import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { assertSound, desk, openBrowser, openPage, phone } from './browser.ts'
import { type Instance, startInstance } from './instance.ts'
import { assertFocusKept, pressOn } from './keyboard.ts'
import { signIn } from './people.ts'

const run = promisify(execFile)
/** To look at afterwards; the folder is named at the end of the file's run. */
const folder = mkdtempSync(join(tmpdir(), 'oo-sources-'))

let instance: Instance
let browser: Browser
before(async () => {
  instance = await startInstance()
  browser = await openBrowser()
})
after(async () => {
  await browser?.close()
  await instance?.stop()
  console.log(`  screenshots: ${folder}`)
})

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true })
const section = (page: Page) => page.getByRole('region', { name: 'Your own sources' })

async function agree({ request }: BrowserContext, wanted: string): Promise<void> {
  const { senses } = await (await request.get('/api/profile/consents')).json()
  const sense = senses.find(({ purpose }: { purpose: string }) => purpose === wanted)
  const data = { purpose: wanted, version: sense?.version, granted: true }
  assert.ok((await request.put('/api/profile/consents', { data })).ok())
}

const shapes = {
  desk,
  phone,
  320: { ...phone, viewport: { width: 320, height: 640 } },
}

for (const [name, shape] of Object.entries(shapes))
  test(`a source is made, its command works as it is, it is given a new secret and deleted: ${name}`, async () => {
    const watched = await openPage(browser, instance.url, { ...shape, reducedMotion: 'reduce' })
    const { page, context } = watched
    const look = async (state: string) => {
      await assertSound(watched, `${name}, ${state}`)
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      assert.ok(wide <= 0, `${state} is ${wide} pixels too wide`)
      await section(page).screenshot({ path: join(folder, `${name}-${state}.png`) })
    }
    await signIn(context, `sources-${name}@example.test`)
    await agree(context, 'mood')
    await page.goto('/you')
    await page.getByText('You have none yet.').waitFor()
    await look('1-none')

    await pressOn(page, button(page, 'Add a source'))
    await page.keyboard.type('Watch')
    await pressOn(page, button(page, 'Make it'))
    await page.getByText('Give it at least one thing it may tell first').waitFor()
    await pressOn(page, page.getByRole('checkbox', { name: 'how you feel' }), 'Space')
    await pressOn(page, page.getByRole('checkbox', { name: 'how you slept' }), 'Space')
    await look('2-making')
    await pressOn(page, button(page, 'Make it'))
    const command = await page.getByLabel('Command').inputValue()
    await assertFocusKept(page, 'the source was made')
    await look('3-secret')
    assert.match(await page.getByLabel('Secret', { exact: true }).inputValue(), /^oos_[\w-]{43}$/)
    const { stdout } = await run('bash', ['-c', command], { timeout: 20_000 })
    assert.deepEqual(JSON.parse(stdout), { accepted: 1, refused: [] })

    await page.reload()
    await page.getByText('1 signal in 1 delivery').waitFor()
    assert.ok(!(await page.content()).includes('oos_'), 'the secret is not shown twice')
    await button(page, 'Deliveries of Watch').click()
    await page.getByText('1 signal taken').waitFor()
    await look('4-heard')

    await button(page, 'New secret for Watch').click()
    await button(page, 'Yes, a new secret').click()
    await page.getByText('The old secret works until').waitFor()
    await look('5-rotated')
    const next = await page.getByLabel('Command').inputValue()
    assert.notEqual(next, command)
    await run('bash', ['-c', next], { timeout: 20_000 })
    await assert.rejects(run('bash', ['-c', command], { timeout: 20_000 }), /401/)

    await button(page, 'I have it').click()
    await button(page, 'Delete Watch').click()
    await look('6-sure')
    await button(page, 'Yes, delete Watch').click()
    await page.getByText('You have none yet.').waitFor()
    await assertFocusKept(page, 'the source was deleted')
    await assert.rejects(run('bash', ['-c', next], { timeout: 20_000 }), /401/)
    await context.close()
  })
