import assert from 'node:assert/strict'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { assertSound, desk, openBrowser, openPage, phone, settled, type Watched } from './browser.ts'
import { type Instance, startInstance } from './instance.ts'
import { noteMood, onlyTask, signIn, signInAndConnect, untilTask } from './people.ts'

const dayMs = 86_400_000
/** To look at afterwards; the folder is named at the end of the file's run. */
const folder = mkdtempSync(join(tmpdir(), 'oo-shapes-'))

let instance: Instance
let browser: Browser
before(async () => {
  instance = await startInstance({ policy: 'urgency' })
  browser = await openBrowser()
})
after(async () => {
  await browser?.close()
  await instance?.stop()
  console.log(`  screenshots: ${folder}`)
})

interface Shape {
  name: string
  options: BrowserContextOptions
  textPercent?: number
}

const shapes: Shape[] = [
  { name: '320', options: { ...phone, viewport: { width: 320, height: 568 } } },
  { name: 'phone', options: phone },
  { name: 'text-200', options: phone, textPercent: 200 },
  { name: 'landscape', options: { ...phone, viewport: { width: 844, height: 390 } } },
  { name: 'forced-colors', options: { ...phone, forcedColors: 'active' } },
  { name: 'still', options: { ...desk, reducedMotion: 'reduce' } },
]

const texts: Record<string, string> = {
  short: 'Call Grandma',
  long: 'Reply to Mira about the workshop dates, the catering, and whether the projector in the small room works again by Friday',
  'right-to-left': 'اتصل بطبيب الأسنان لتحديد موعد قبل نهاية الأسبوع',
  unbroken: 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'
    .repeat(3)
    .slice(0, 200),
  emoji: '🎂 Buy a cake for Noa 👩‍👩‍👧‍👦 and 24 candles 🕯️🇵🇹',
}

const nextToLong =
  'Return the ladder that the neighbours lent us for the cherry harvest in the garden of the old school'

/** Nothing is wider than the page, and every line of the text lies inside of it. */
async function assertFits(page: Page, state: string): Promise<void> {
  const found = await page.evaluate(() => {
    const root = document.documentElement
    const wide = root.scrollWidth - root.clientWidth
    const outside: string[] = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement
      if (
        !parent?.checkVisibility({ visibilityProperty: true }) ||
        parent.closest('.sr-only, option, script')
      )
        continue
      const range = document.createRange()
      range.selectNodeContents(node)
      for (const { left, right, width } of range.getClientRects())
        if (width > 1 && (left < -0.5 || right > root.clientWidth + 0.5)) outside.push(node.textContent ?? '')
    }
    return { wide, outside }
  })
  assert.deepEqual(found, { wide: 0, outside: [] }, `${state}: something is wider than the page`)
}

/** The parts of the watch face lie below one another, and what can be tapped is not under anything else. */
async function assertApart(page: Page, state: string): Promise<void> {
  const boxes = await page.evaluate(() =>
    [
      '.face-above',
      '.face-text',
      '.face-because > ul',
      '.face-words',
      'a.face-word',
      '.face-foot > *',
      '.face-mark',
    ].flatMap(name => {
      const element = document.querySelector(name)
      if (!element?.checkVisibility({ visibilityProperty: true })) return []
      const { left, right, top, bottom } = element.getBoundingClientRect()
      return [{ name, left, right, top, bottom }]
    }),
  )
  for (const [index, a] of boxes.entries())
    for (const b of boxes.slice(index + 1)) {
      const apart =
        a.bottom <= b.top + 1 || b.bottom <= a.top + 1 || a.right <= b.left + 1 || b.right <= a.left + 1
      assert.ok(apart, `${state}: ${a.name} and ${b.name} overlap: ${JSON.stringify([a, b])}`)
    }
}

async function enlarge(page: Page, percent: number | undefined): Promise<void> {
  if (percent)
    await page.evaluate(size => {
      document.documentElement.style.fontSize = `${size}%`
    }, percent)
}

const shoot = (page: Page, name: string, fullPage = false) =>
  page.screenshot({ path: join(folder, `${name}.png`), fullPage })

async function lookAtTip(watched: Watched, { name: shape, textPercent }: Shape, name: string): Promise<void> {
  const { page } = watched
  await page.goto('/')
  const face = page.locator('html[data-live] .face[data-motion=still][data-is=todo]')
  // A first read that takes long is an honest silence of 15 s; the tip comes by itself after it.
  await face.waitFor({ timeout: 30_000 })
  if (!textPercent)
    await assertSound(watched, `${name} ${shape}`, { systemColours: shape === 'forced-colors' })
  await enlarge(page, textPercent)
  await assertFits(page, `${name} ${shape}`)
  await shoot(page, `${name}-${shape}`)
  await page.locator('.face-text').click()
  await page.getByRole('button', { name: 'done', exact: true }).waitFor()
  await assertFits(page, `${name} ${shape}, opened`)
  await assertApart(page, `${name} ${shape}, opened`)
  await page.evaluate(settled)
  await shoot(page, `${name}-${shape}-opened`)
}

/** The reasons in the place of the words; the page is opened before and after. */
async function lookAtWhy({ page }: Watched, shape: Shape): Promise<void> {
  const text = page.locator('.face-text')
  const before = await text.boundingBox()
  await page.keyboard.press('w')
  await page.locator('.face-because li').first().waitFor()
  await page.waitForFunction(() => document.querySelector('.face-because > ul > li'))
  await page.evaluate(settled)
  await shoot(page, `why-${shape.name}`)
  // Text twice as large fills the page, which then grows with what is asked for.
  if (!shape.textPercent)
    assert.deepEqual(await text.boundingBox(), before, `why ${shape.name}: the tip moved`)
  await assertFits(page, `why ${shape.name}`)
  await assertApart(page, `why ${shape.name}`)
  await page.keyboard.press('w')
  await text.click()
}

/** The next tip while the last one can still be undone: the fullest the page ever is. */
async function lookAtUndo({ page }: Watched, shape: Shape): Promise<void> {
  const before = await page.locator('.face-text').innerText()
  await page.getByRole('button', { name: 'done', exact: true }).click()
  await page.locator('.face[data-motion=still] .face-text').filter({ hasNotText: before }).click()
  await page.getByRole('button', { name: /^Undo “done”/ }).waitFor()
  await page.evaluate(settled)
  await shoot(page, `undo-${shape.name}`)
  await assertFits(page, `undo ${shape.name}`)
  await assertApart(page, `undo ${shape.name}`)
}

for (const shape of shapes)
  test(`every text fits the tip page: ${shape.name}`, async () => {
    for (const [name, content] of Object.entries(texts)) {
      const email = `${name}-${shape.name}@example.test`
      await onlyTask(instance, email, { content, due_string: 'today' })
      if (name === 'long')
        await instance.control('POST', `todoist/${email}/tasks`, {
          content: nextToLong,
          due_string: 'in 6 days',
        })
      const watched = await openPage(browser, instance.url, shape.options)
      await signInAndConnect(watched.context, email)
      await untilTask(watched.context)
      await lookAtTip(watched, shape, name)
      if (name === 'long') {
        await lookAtWhy(watched, shape)
        await lookAtUndo(watched, shape)
      }
      await watched.context.close()
    }
  })

test('every other page fits at 320 pixels, with text twice as large, in landscape and in forced colours', async () => {
  const chosen = shapes.filter(({ name }) =>
    ['320', 'text-200', 'landscape', 'forced-colors', 'still'].includes(name),
  )
  for (const { name, options, textPercent } of chosen) {
    const watched = await openPage(browser, instance.url, options)
    const { page, context } = watched
    const look = async (path: string) => {
      await page.goto(path)
      await page.locator('h1').waitFor()
      if (!textPercent)
        await assertSound(watched, `${path} ${name}`, { systemColours: name === 'forced-colors' })
      await enlarge(page, textPercent)
      await assertFits(page, `${path} ${name}`)
      await shoot(page, `page${path.replaceAll('/', '-')}-${name}`, true)
    }
    await look('/sign-in')
    await look('/legal/privacy')
    await signIn(context, `pages-${name}@example.test`)
    await look('/')
    await lookAtAdvice(watched, name)
    await look('/connect')
    await noteMood(context)
    await look('/you')
    await page.getByText('Not so good, noted').waitFor()
    await context.close()
  }
})

/** Who has connected nothing gets advice, in italics; opened, it shows the way to connect an app. */
async function lookAtAdvice({ page }: Watched, shape: string): Promise<void> {
  await page.locator('html[data-live] .face[data-is=advice]').waitFor()
  const style = await page.locator('.face-text').evaluate(text => getComputedStyle(text).fontStyle)
  assert.equal(style, 'italic')
  await page.locator('.face-text').click()
  await page.getByRole('link', { name: 'connect an app' }).waitFor()
  await page.evaluate(settled)
  await assertFits(page, `advice ${shape}, opened`)
  await assertApart(page, `advice ${shape}, opened`)
  await shoot(page, `advice-${shape}-opened`)
}

test('far away the line above the tip is the person’s own day and clock', async () => {
  const timeZone = 'Pacific/Auckland'
  const email = 'auckland@example.test'
  const due = new Date(Date.now() + 2 * dayMs)
  const date = new Intl.DateTimeFormat('en-CA', { timeZone }).format(Date.now() + dayMs)
  await onlyTask(instance, email, { content: 'Fetch the kayak', due_date: date })
  const { page, context } = await openPage(browser, instance.url, { ...phone, timezoneId: timeZone })
  await signInAndConnect(context, email)
  const kept = page.waitForResponse(answer => answer.request().method() === 'PATCH')
  await page.goto('/connect')
  assert.equal((await kept).status(), 200, 'the device tells its zone before there is a tip')
  await untilTask(context)
  await page.goto('/')
  assert.equal(await page.locator('.face-above').innerText(), 'due tomorrow')

  const atClock = 'auckland-clock@example.test'
  await onlyTask(instance, atClock, { content: 'Meet Hemi', due_datetime: due.toISOString() })
  await signInAndConnect(context, atClock)
  await context.request.patch('/api/profile', { data: { timeZone } })
  await untilTask(context)
  await page.goto('/')
  const weekday = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'long' }).format(due)
  assert.equal(await page.locator('.face-above').innerText(), `due ${weekday}`)
  await context.close()
})
