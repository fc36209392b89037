// Chromium for a test file, and pages that notice what a person would: layout shifts, console errors, refused content.
import assert from 'node:assert/strict'
import { AxeBuilder } from '@axe-core/playwright'
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core'

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-quic',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]
const wcag22aa = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
const withinMs = 15_000

export const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
export const desk = { viewport: { width: 1280, height: 800 } }

/** Playwright gives each launch a fresh profile and deletes it. */
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: process.env.OO_CHROMIUM ?? '/usr/bin/chromium', args: flags })

export interface Watched {
  context: BrowserContext
  page: Page
  /** Everything that went wrong in the console since the last check. */
  complaints: string[]
}

export async function openPage(
  browser: Browser,
  baseURL: string,
  options: BrowserContextOptions = desk,
): Promise<Watched> {
  const context = await browser.newContext({ baseURL, locale: 'en-GB', ...options })
  context.setDefaultTimeout(withinMs)
  await context.addInitScript(watchShifts)
  const page = await context.newPage()
  return { context, page, complaints: listenTo(page) }
}

export function listenTo(page: Page): string[] {
  const complaints: string[] = []
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning')
      complaints.push(`${message.type()}: ${message.text()} (${message.location().url})`)
  })
  page.on('pageerror', error => complaints.push(`thrown: ${error.message}`))
  page.on('crash', () => complaints.push('the page crashed'))
  return complaints
}

/** Runs in the page before anything of it: sums every shift, also those right after an input. */
function watchShifts(): void {
  let sum = 0
  const shifted: string[] = []
  const observer = new PerformanceObserver(list => {
    for (const entry of list.getEntries()) {
      if (!('value' in entry) || typeof entry.value !== 'number') continue
      if ('hadRecentInput' in entry && entry.hadRecentInput) continue
      sum += entry.value
      shifted.push(`${entry.value.toFixed(4)} at ${Math.round(entry.startTime)} ms`)
    }
  })
  observer.observe({ type: 'layout-shift', buffered: true })
  document.addEventListener('securitypolicyviolation', event =>
    console.error(`refused by the content policy: ${event.violatedDirective} ${event.blockedURI}`),
  )
  Object.assign(window, { shifts: () => (sum === 0 ? '' : shifted.join(', ')) })
}

/** Fonts are there and what moves once has moved; the breathing mark goes on for ever. */
export async function settled(): Promise<void> {
  await document.fonts.ready
  const once = document.getAnimations().filter(({ effect }) => effect?.getTiming().iterations !== Infinity)
  await Promise.all(once.map(animation => animation.finished.catch(() => undefined)))
}

/** What holds on every page and in every state of it: nothing shifted, nothing complained, axe finds nothing. */
export async function assertSound(
  { page, complaints }: Watched,
  state: string,
  { systemColours = false } = {},
): Promise<void> {
  await page.locator('.face:not([data-motion=still])').waitFor({ state: 'detached' })
  await page.evaluate(settled)
  assert.equal(await page.evaluate('window.shifts()'), '', `${state}: the layout shifted`)
  const axe = new AxeBuilder({ page }).setLegacyMode().withTags(wcag22aa)
  // Where the system paints, it answers for the contrast, and computed styles still tell the page's own colours.
  if (systemColours) axe.disableRules('color-contrast')
  const { violations } = await axe.analyze()
  assert.deepEqual(
    violations.flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.html} ${node.failureSummary}`)),
    [],
    `${state}: axe`,
  )
  assert.deepEqual(complaints.splice(0), [], `${state}: the console`)
}

/** Polls a condition that no locator can see; the bound is the promise. */
export async function eventually(
  what: string,
  boundMs: number,
  holds: () => Promise<boolean>,
): Promise<number> {
  const began = performance.now()
  while (!(await holds())) {
    assert.ok(performance.now() - began < boundMs, `${what}: not within ${boundMs} ms`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  return performance.now() - began
}
