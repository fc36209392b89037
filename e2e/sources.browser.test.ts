import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import pg from 'pg'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { assertSound, desk, openBrowser, openPage, phone } from './browser.ts'
import { type Instance, startInstance } from './instance.ts'
import { assertFocusOn, pressOn } from './keyboard.ts'
import { signIn, signInAndConnect } from './people.ts'

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
const secret = (page: Page) => page.getByLabel('Secret', { exact: true })
const section = (page: Page) => page.getByRole('region', { name: 'Your own sources' })

async function agree({ request }: BrowserContext, wanted: string, granted = true): Promise<void> {
  const { consents, senses } = await (await request.get('/api/profile/consents')).json()
  const asked = [...consents, ...senses].find(({ purpose }) => purpose === wanted)
  const data = { purpose: wanted, version: asked?.version, granted }
  assert.ok((await request.put('/api/profile/consents', { data })).ok())
}

/** As if the master key that sealed a source were no longer in the environment. */
async function loseKeyOf(source: string): Promise<void> {
  const client = new pg.Client({ connectionString: instance.postgres.url('oo_api') })
  await client.connect()
  await client.query("UPDATE integrations.ingress_sources SET kek_id = 'lost' WHERE id = $1", [source])
  await client.end()
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
    await pressOn(page, button(page, 'Never mind'))
    await assertFocusOn(page, button(page, 'Add a source'), 'thinking better of it')
    await page.keyboard.press('Enter')
    await page.keyboard.insertText('\u200b')
    await pressOn(page, page.getByRole('checkbox', { name: 'how you feel' }), 'Space')
    await pressOn(page, button(page, 'Make it'))
    await page.getByText('oO cannot show that name.').waitFor()
    // Chromium tells every refused request on the console.
    assert.match(watched.complaints.splice(0).join(), /400/)
    await pressOn(page, page.getByRole('checkbox', { name: 'how you feel' }), 'Space')
    await page.getByLabel('Name', { exact: true }).fill('Watch')
    await pressOn(page, button(page, 'Make it'))
    await page.getByText('Give it at least one thing it may tell first').waitFor()
    await pressOn(page, page.getByRole('checkbox', { name: 'how you feel' }), 'Space')
    await pressOn(page, page.getByRole('checkbox', { name: 'how you slept' }), 'Space')
    await look('2-making')
    await pressOn(page, button(page, 'Make it'))
    const command = await page.getByLabel('Command').inputValue()
    await assertFocusOn(page, secret(page), 'the source was made')
    await page.getByRole('textbox', { name: 'Secret', description: /shown only now/ }).waitFor()
    await look('3-secret')
    assert.match(await secret(page).inputValue(), /^oos_[\w-]{43}$/)
    const { stdout } = await run('bash', ['-c', command], { timeout: 20_000 })
    assert.deepEqual(JSON.parse(stdout), { accepted: 1, refused: [] })

    await pressOn(page, button(page, 'I have it'))
    await assertFocusOn(page, button(page, 'Deliveries of Watch'), 'the secret was kept')
    await page.getByText('Nothing heard yet.').waitFor()
    await page.keyboard.press('Enter')
    await page.getByText('1 signal taken').waitFor()
    await page.getByText('1 signal in 1 delivery').waitFor()
    await page.reload()
    await page.getByText('1 signal in 1 delivery').waitFor()
    assert.ok(!(await page.content()).includes('oos_'), 'the secret is not shown twice')
    await button(page, 'Deliveries of Watch').click()
    await page.getByText('1 signal taken').waitFor()
    await look('4-heard')

    await pressOn(page, button(page, 'New secret for Watch'))
    await assertFocusOn(page, button(page, 'Keep it'), 'asking for a new secret')
    await page.keyboard.press('Enter')
    await assertFocusOn(page, button(page, 'New secret for Watch'), 'keeping the secret')
    await page.keyboard.press('Enter')
    await button(page, 'Yes, a new secret').press('Enter')
    await page.getByText('The old secret works until').waitFor()
    await assertFocusOn(page, secret(page), 'the new secret came')
    await look('5-rotated')
    const next = await page.getByLabel('Command').inputValue()
    assert.notEqual(next, command)
    await run('bash', ['-c', next], { timeout: 20_000 })
    await assert.rejects(run('bash', ['-c', command], { timeout: 20_000 }), /401/)

    await button(page, 'I have it').click()
    await button(page, 'Delete Watch').press('Enter')
    await assertFocusOn(page, button(page, 'Keep it'), 'asking to delete')
    await look('6-sure')
    await button(page, 'Yes, delete Watch').press('Enter')
    const deleted = page.getByText('Watch is deleted, and what it told counts no longer.')
    await assertFocusOn(page, deleted, 'the source was deleted')
    await look('7-deleted')
    await assert.rejects(run('bash', ['-c', next], { timeout: 20_000 }), /401/)
    await context.close()
  })

test('two deleted at once both go, and while that is under way nothing else is heard', async () => {
  const watched = await openPage(browser, instance.url, desk)
  const { page, context } = watched
  await signIn(context, 'sources-two@example.test')
  for (const name of ['Lamp', 'Watch']) {
    const data = { name, types: ['mood'] }
    assert.ok((await context.request.post('/api/integrations/ingress', { data })).ok())
  }
  const held = Promise.withResolvers<void>()
  let first = true
  await page.route(/\/api\/integrations\/ingress\/[^/]+$/, async route => {
    if (first) {
      first = false
      await held.promise
    }
    await route.continue()
  })
  await page.goto('/you')
  await button(page, 'Delete Lamp').click()
  await button(page, 'Yes, delete Lamp').press('Enter')
  await button(page, 'Keep it').press('Enter')
  await button(page, 'Yes, delete Lamp').waitFor()
  await button(page, 'Delete Watch').click()
  await button(page, 'Yes, delete Watch').click()
  await page.getByText('Watch is deleted').waitFor()
  held.resolve()
  await page.getByText('Lamp is deleted').waitFor()
  assert.equal(await section(page).getByRole('listitem').count(), 0)
  await context.close()
})

test('an app is let go by keys alone, and while that is under way it is not called off', async () => {
  const { page, context } = await openPage(browser, instance.url, desk)
  await signInAndConnect(context, 'sources-app@example.test')
  const held = Promise.withResolvers<void>()
  await page.route('**/api/integrations/todoist', async route => {
    await held.promise
    await route.continue()
  })
  await page.goto('/you')
  await button(page, 'Disconnect Todoist').press('Enter')
  await assertFocusOn(page, button(page, 'Keep it'), 'asking to disconnect')
  await page.keyboard.press('Enter')
  await assertFocusOn(page, button(page, 'Disconnect Todoist'), 'keeping it')
  await page.keyboard.press('Enter')
  await button(page, 'Yes, disconnect Todoist').press('Enter')
  await button(page, 'Keep it').press('Enter')
  await button(page, 'Yes, disconnect Todoist').waitFor()
  held.resolve()
  await assertFocusOn(page, page.getByRole('link', { name: 'Connect Todoist' }), 'disconnecting')
  await context.close()
})

test('an app that may not be read says so on both pages, and a connection that failed is told once and truly', async () => {
  const { page, context } = await openPage(browser, instance.url, desk)
  await signInAndConnect(context, 'sources-back@example.test')
  const failed = page.getByText('so nothing new was connected')
  await page.goto('/connect?problem=expired&source=google-calendar')
  await failed.waitFor()
  await page.waitForURL(url => url.pathname === '/connect' && url.search === '')
  await page.reload()
  for (const address of ['/connect', '/connect?problem=expired&source=todoist', '/connect?problem=bogus']) {
    await page.goto(address)
    await page.waitForURL(url => url.search === '')
    assert.equal(await failed.count(), 0, address)
  }
  await agree(context, 'sync', false)
  for (const path of ['/connect', '/you']) {
    await page.goto(path)
    await page.getByText('oO does not look at Todoist').first().waitFor()
  }
  await context.close()
})

for (const [name, shape] of Object.entries(shapes))
  test(`a source whose key is lost is shown as what it is, and works again with a new secret: ${name}`, async () => {
    const watched = await openPage(browser, instance.url, { ...shape, reducedMotion: 'reduce' })
    const { page, context } = watched
    await signIn(context, `lost-${name}@example.test`)
    await agree(context, 'mood')
    const data = { name: 'Lamp', types: ['mood'] }
    const made = await context.request.post('/api/integrations/ingress', { data })
    await loseKeyOf((await made.json()).source.id)
    await page.goto('/you')
    await page.getByText('oO has lost the key').waitFor()
    await assertSound(watched, `${name}, lost`)
    await section(page).screenshot({ path: join(folder, `${name}-8-lost.png`) })
    await button(page, 'New secret for Unnamed source').click()
    await button(page, 'Yes, a new secret').click()
    const command = await page.getByLabel('Command').inputValue()
    const { stdout } = await run('bash', ['-c', command], { timeout: 20_000 })
    assert.deepEqual(JSON.parse(stdout), { accepted: 1, refused: [] })
    await page.getByText('oO has lost the key').waitFor({ state: 'detached' })
    await context.close()
  })
