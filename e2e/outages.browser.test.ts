import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { assertSound, eventually, openBrowser, openPage } from './browser.ts'
import { type Instance, startInstance } from './instance.ts'
import { onlyTask, signInAndConnect, untilTask } from './people.ts'

let instance: Instance
let browser: Browser
before(async () => {
  instance = await startInstance({ ownDatabase: true })
  browser = await openBrowser()
})
after(async () => {
  await browser?.close()
  await instance?.stop()
})

afterEach(() => instance.control('POST', 'faults', { target: 'todoist', mode: 'none' }))

interface Answered {
  status: number
  ms: number
  type: string
  body: { title?: string; tip?: { id: string; policy: string; text: string } | null; reactions?: unknown[] }
}

async function ask(
  context: BrowserContext,
  method: 'GET' | 'POST',
  path: string,
  data?: object,
): Promise<Answered> {
  const began = performance.now()
  const answer = await context.request.fetch(path, { method, ...(data && { data }), timeout: 10_000 })
  const ms = performance.now() - began
  return {
    status: answer.status(),
    ms,
    type: answer.headers()['content-type'] ?? '',
    body: answer.ok() || answer.status() >= 400 ? await answer.json() : {},
  }
}

const recommend = (context: BrowserContext) => ask(context, 'POST', '/api/recommend', { trigger: 'open' })
const tipOf = (page: Page) => page.locator('html[data-live] .face[data-motion=still] .face-text')

async function person(email: string) {
  const watched = await openPage(browser, instance.url)
  await signInAndConnect(watched.context, email)
  return watched
}

async function assertFallback(email: string, boundMs: number): Promise<void> {
  const { context, page } = await person(email)
  const { status, body, ms } = await recommend(context)
  assert.equal(status, 200)
  assert.equal(body.tip?.policy, 'fallback')
  assert.ok(ms < boundMs, `the tip took ${ms} ms`)
  await page.goto('/')
  await page.getByRole('heading', { name: body.tip.text }).waitFor()
  await context.close()
}

test('with ml stopped, and with ml frozen, the tip still comes, marked fallback; then ml chooses again', async () => {
  await instance.ml.stop()
  await assertFallback('ml-stopped@example.test', 1_500)
  await instance.ml.start()
  instance.ml.freeze()
  await assertFallback('ml-frozen@example.test', 1_500)
  instance.ml.thaw()
  const { context } = await openPage(browser, instance.url)
  let newcomers = 0
  await eventually('ml chooses again', 20_000, async () => {
    await signInAndConnect(context, `ml-back-${newcomers++}@example.test`)
    return (await recommend(context)).body.tip?.policy === 'hb_ts'
  })
  await context.close()
})

test('with Todoist down, hanging, failing or talking nonsense both pages say so in time, and recover', async () => {
  const modes = ['down', 'hang', '500', 'garbage']
  const people = await Promise.all(modes.map(mode => person(`todoist-${mode}@example.test`)))
  await instance.api.kill()
  await instance.api.start()
  for (const [index, mode] of modes.entries()) {
    const watched = people[index]
    assert.ok(watched)
    const { page } = watched
    await instance.control('POST', 'faults', { target: 'todoist', mode })
    for (const [path, sentence] of [
      ['/connect', 'Todoist does not answer right now.'],
      ['/', 'Todoist does not answer right now.'],
    ] as const) {
      const began = performance.now()
      const answer = await page.goto(path)
      assert.equal(answer?.status(), 200, `${mode} ${path}`)
      await page.getByText(sentence).first().waitFor()
      const ms = performance.now() - began
      assert.ok(ms < 5_000, `${mode} ${path} took ${ms} ms`)
      if (mode === 'down') await assertSound(watched, `${mode} ${path}`)
      else assert.deepEqual(watched.complaints, [])
    }
  }
  await instance.control('POST', 'faults', { target: 'todoist', mode: 'none' })
  for (const { page } of people)
    await page.locator('.face:not([data-is=nothing])').waitFor({ timeout: 40_000 })
  await Promise.all(people.map(({ context }) => context.close()))
})

test('with Postgres killed the api answers 503 with a sentence, and both recover by themselves', async () => {
  const { context, page } = await person('postgres@example.test')
  await page.goto('/')
  const text = await tipOf(page).innerText()
  await instance.postgres.kill()
  const assertSaysSo = ({ status, type, body, ms }: Answered) => {
    assert.equal(status, 503, JSON.stringify(body))
    assert.match(type, /application\/problem\+json/)
    assert.match(body.title ?? '', /\w.*\.$/)
    assert.ok(ms < 5_000, `it took ${ms} ms`)
  }
  assertSaysSo(await ask(context, 'GET', '/api/profile'))
  // What was read less than a second ago may still be told, and nothing else.
  await eventually('no tip is told from memory', 2_000, async () => {
    const answer = await recommend(context)
    if (answer.status === 200) assert.equal(answer.body.tip?.text, text)
    else assertSaysSo(answer)
    return answer.status !== 200
  })
  await page.reload()
  await page.locator('.face[data-is=nothing] .face-text').waitFor()
  assert.doesNotMatch(await page.locator('body').innerText(), /Something broke|Nothing needs you/)
  await instance.postgres.start()
  await page.getByRole('heading', { name: text }).waitFor({ timeout: 30_000 })
  assert.equal((await ask(context, 'GET', '/api/profile')).status, 200)
  await context.close()
})

test('with the api killed a reaction is not lost: the page says so, and it arrives once when the api is back', async () => {
  const { context, page } = await person('api@example.test')
  await page.goto('/')
  const text = await tipOf(page).innerText()
  await instance.api.kill()
  await page.keyboard.press('d')
  await page.getByText('That did not reach oO yet. It is being sent again.').first().waitFor()
  assert.equal(await tipOf(page).innerText(), text, 'the tip is back meanwhile')
  await instance.api.start()
  await page.getByRole('button', { name: /^Undo “done”/ }).waitFor({ timeout: 20_000 })
  await tipOf(page).filter({ hasNotText: text }).waitFor()
  const { body } = await ask(context, 'GET', '/api/feedback')
  assert.equal(body.reactions?.length, 1)
  await context.close()
})

test('a session revoked elsewhere leads to sign-in with an explanation, from a reaction and from a page', async () => {
  const here = await person('revoked@example.test')
  await here.page.goto('/')
  await tipOf(here.page).waitFor()
  const there = await person('revoked@example.test')
  assert.equal((await there.context.request.delete('/api/auth/sessions')).status(), 204)
  await here.page.keyboard.press('d')
  await here.page.waitForURL(/\/sign-in\?/)
  await here.page.getByText('You were signed out. Sign in again to go on.').waitFor()
  await here.page.goto('/you')
  await here.page.waitForURL(/\/sign-in\?.*next=%2Fyou/)
  await here.page.getByText('You were signed out. Sign in again to go on.').waitFor()
  await Promise.all([here.context.close(), there.context.close()])
})

test('a part of the page that cannot be loaded says so and takes nothing with it; once it can, it comes', async () => {
  const { context, page } = await person('offline@example.test')
  await page.goto('/')
  const text = await tipOf(page).innerText()
  const parts = { '?': page.getByRole('dialog'), w: page.getByRole('group', { name: 'Why this tip' }) }
  for (const [key, part] of Object.entries(parts)) {
    await context.setOffline(true)
    await page.keyboard.press(key)
    await page.locator('.face-notice').waitFor()
    assert.equal(await tipOf(page).innerText(), text)
    await context.setOffline(false)
    await page.keyboard.press(key)
    await part.waitFor()
    await page.locator('.face-notice').waitFor({ state: 'detached' })
    await page.keyboard.press('Escape')
    await part.waitFor({ state: 'detached' })
  }
  await context.close()
})

test('a double click on done is one reaction, and two tabs show the same tip', async () => {
  const { context, page } = await person('twice@example.test')
  await page.goto('/')
  const text = await tipOf(page).innerText()
  const other = await context.newPage()
  await other.goto('/')
  assert.equal(await tipOf(other).innerText(), text)
  await tipOf(page).click()
  await page.getByRole('button', { name: 'done', exact: true }).dblclick()
  await tipOf(page).filter({ hasNotText: text }).waitFor()
  const { body } = await ask(context, 'GET', '/api/feedback')
  assert.equal(body.reactions?.length, 1)
  const next = await tipOf(page).innerText()
  await other.reload()
  assert.equal(await tipOf(other).innerText(), next)
  await context.close()
})

test('a task completed elsewhere leaves an open page within the interval, and not while something is being read', async () => {
  const email = 'elsewhere@example.test'
  const { context, page } = await openPage(browser, instance.url)
  await page.clock.install()
  await onlyTask(instance, email, { content: 'Water the plants' })
  await signInAndConnect(context, email)
  await untilTask(context)
  await page.goto('/')
  const text = await tipOf(page).innerText()
  const looks: string[] = []
  page.on('request', request => {
    if (request.url().endsWith('/api/recommend')) looks.push(request.url())
  })
  const said = await page.getByRole('status').innerText()
  await page.evaluate(notePageChanges)
  await page.clock.fastForward(20_000)
  await eventually('the page asks', 5_000, async () => looks.length === 1)
  await page.waitForLoadState('networkidle')
  assert.equal(await page.evaluate('window.changes'), 0, 'the same tip changes nothing')
  assert.equal(await page.getByRole('status').innerText(), said)

  await page.keyboard.press('w')
  const why = page.getByRole('group', { name: 'Why this tip' })
  await why.getByRole('listitem').first().waitFor()
  for (const { id, checked } of await instance.tasks(email))
    if (!checked) await instance.control('POST', `todoist/${encodeURIComponent(email)}/tasks/${id}/complete`)
  await eventually('the api knows', 20_000, async () => (await recommend(context)).body.tip?.text !== text)
  await page.clock.fastForward(45_000)
  assert.equal(looks.length, 1, 'nothing is asked while the reasons are open')
  await page.keyboard.press('Escape')
  await page.locator('[data-motion=still] .face-text').filter({ hasNotText: text }).waitFor()
  assert.equal(looks.length, 2)
  await context.close()
})

/** Runs in the page: counts whatever changes of the face from here on. */
function notePageChanges(): void {
  const face = document.querySelector('.face')
  Object.assign(window, { changes: 0 })
  const observer = new MutationObserver(found =>
    Object.assign(window, { changes: Reflect.get(window, 'changes') + found.length }),
  )
  if (face) observer.observe(face, { subtree: true, childList: true, attributes: true, characterData: true })
}
