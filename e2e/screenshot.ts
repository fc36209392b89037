// Takes the picture for README.md from a running instance of its own: the demo person's tip on a large screen with a
// phone beside it. Run it after `npm test -- browser` has built the web app: node e2e/screenshot.ts
import assert from 'node:assert/strict'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { openBrowser, openPage, phone, settled } from './browser.ts'
import { startInstance } from './instance.ts'
import { signInAndConnect } from './people.ts'

const file = join(import.meta.dirname, '../docs/tip.png')
const email = 'demo@example.test'
const wanted = 'Pick up the parcel at the corner shop'
const mostReactions = 60
const mostBytes = 200_000

const instance = await startInstance()
const browser = await openBrowser()
try {
  const { page, context } = await openPage(browser, instance.url, {
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
  })
  await signInAndConnect(context, email)
  for (let reactions = 0; reactions < mostReactions; reactions++) {
    const { tip } = await (await context.request.post('/api/recommend', { data: { trigger: 'open' } })).json()
    if (tip.text === wanted) break
    const data = { tipId: tip.id, reaction: 'wrong_time' }
    assert.ok((await context.request.post('/api/feedback', { data })).ok())
  }
  const small = await openPage(browser, instance.url, {
    ...phone,
    deviceScaleFactor: 2,
    storageState: await context.storageState(),
  })
  const shots: string[] = []
  for (const each of [page, small.page]) {
    await each.goto('/')
    await each.locator('html[data-live]').waitFor()
    if (each === small.page) {
      await each.locator('.face-text').click()
      await each.mouse.move(5, 5)
    }
    await each.evaluate(settled)
    assert.equal(await each.locator('.face-text').innerText(), wanted)
    shots.push((await each.screenshot()).toString('base64'))
  }
  const [large, narrow] = shots
  await page.goto('about:blank')
  await page.setViewportSize({ width: 1800, height: 800 })
  await page.setContent(`<style>
    body { margin: 0; display: flex; gap: 24px; padding: 24px }
    img { height: 752px; border-radius: 14px }
  </style><img src="data:image/png;base64,${large}"><img src="data:image/png;base64,${narrow}">`)
  await page.waitForFunction(() => [...document.images].every(image => image.complete))
  const width = await page.evaluate(
    () => Math.ceil([...document.images].at(-1)?.getBoundingClientRect().right ?? 0) + 24,
  )
  await page.screenshot({ path: file, omitBackground: true, clip: { x: 0, y: 0, width, height: 800 } })
  assert.ok(statSync(file).size < mostBytes, 'the picture is too large for a README')
} finally {
  await browser.close()
  await instance.stop()
}
