// A person without a mouse: moves by Tab, sees where they are, and is never thrown out of the page.
import assert from 'node:assert/strict'
import type { Locator, Page } from 'playwright-core'

const mostStops = 80

/** Tabs on until the wanted thing has the focus; every stop on the way must show itself. */
export async function tabTo(page: Page, wanted: Locator): Promise<void> {
  await wanted.waitFor()
  for (let stop = 0; stop < mostStops; stop++) {
    if (await isFocused(wanted)) return assertRing(page)
    await page.keyboard.press('Tab')
    await assertRing(page)
  }
  assert.fail(`${wanted} is not reached within ${mostStops} tab stops`)
}

export async function pressOn(page: Page, wanted: Locator, key: 'Enter' | 'Space' = 'Enter'): Promise<void> {
  await tabTo(page, wanted)
  await page.keyboard.press(key)
}

const isFocused = (wanted: Locator) => wanted.evaluate(element => element === document.activeElement)

/** The focus ring of the house: at least two pixels around whatever has the focus. */
async function assertRing(page: Page): Promise<void> {
  const seen = await page.evaluate(() => {
    const element = document.activeElement
    if (!element || element === document.body) return null
    const { outlineStyle, outlineWidth } = getComputedStyle(element)
    const { width, height } = element.getBoundingClientRect()
    const name = element.getAttribute('aria-label') ?? element.textContent?.trim().slice(0, 60)
    return { name, outlineStyle, outline: Number.parseFloat(outlineWidth), area: width * height }
  })
  if (seen === null) return
  assert.notEqual(seen.outlineStyle, 'none', `no focus ring on "${seen.name}"`)
  assert.ok(seen.outline >= 2 && seen.area > 0, `a focus ring too thin to see on "${seen.name}"`)
}

/** After an action the focus rests just there. */
export async function assertFocusOn(page: Page, wanted: Locator, after: string): Promise<void> {
  await wanted.waitFor()
  const deadline = performance.now() + 3_000
  while (!(await isFocused(wanted))) {
    const where = await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 120))
    assert.ok(performance.now() < deadline, `after ${after} the focus is not on ${wanted} but on ${where}`)
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

/** After an action the focus rests on something of the page, not on the page as a whole. */
export async function assertFocusKept(page: Page, after: string): Promise<void> {
  const kept = await page
    .waitForFunction(
      () => document.activeElement !== null && document.activeElement !== document.body,
      undefined,
      {
        timeout: 3_000,
      },
    )
    .then(
      () => true,
      () => false,
    )
  assert.ok(kept, `after ${after} the focus is lost`)
}
