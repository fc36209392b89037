// One reaction, clicked in Chromium on an instance of its own whose processes all send their traces to one collector.
import { randomBytes } from 'node:crypto'
import { desk, eventually, openBrowser, openPage } from '../browser.ts'
import { startInstance } from '../instance.ts'
import { onlyTask, signInAndConnect, untilTask } from '../people.ts'
import { type CollectedSpan, startCollector } from './collector.ts'
import { wrongHops } from './hops.ts'

export const email = 'traced.person@example.test'
export const words = 'Whisper to the geraniums'

export interface ReactionTrace {
  spans: CollectedSpan[]
  /** All that was sent of anything, as it was sent. */
  raw: string
  personId: string
}

export async function traceReaction(): Promise<ReactionTrace> {
  const collector = await startCollector()
  const instance = await startInstance({ tracesUrl: collector.url, policy: 'urgency' })
  const browser = await openBrowser()
  try {
    await onlyTask(instance, email, { content: words })
    await instance.control('POST', `todoist/${encodeURIComponent(email)}/tasks`, {
      content: `${words} once more`,
    })
    const { context, page } = await openPage(browser, instance.url, { ...desk, serviceWorkers: 'block' })
    await signInAndConnect(context, email)
    await untilTask(context)
    // The first reaction after a start opens every connection; the picture is of an ordinary one.
    const { tip } = await (await context.request.post('/api/recommend', { data: {} })).json()
    await context.request.post('/api/feedback', { data: { tipId: tip.id, reaction: 'wrong_time' } })
    await untilTask(context)
    await page.goto('/')
    await page.locator('html[data-live]').waitFor()
    await page.getByText(words).waitFor()
    const click = await clicked(page)
    const spans = () => [click(), ...collector.spans].filter(({ traceId }) => traceId === click().traceId)
    await eventually(
      'the reaction is learned and told',
      20_000,
      async () => wrongHops(spans()).length === 0,
    ).catch((error: unknown) => {
      throw new Error(`${wrongHops(spans()).join('; ')}\n${list(spans())}`, { cause: error })
    })
    const { personId } = await (await context.request.get('/api/auth/session')).json()
    return { spans: spans(), raw: collector.raw(), personId: String(personId) }
  } finally {
    await browser.close()
    await instance.stop()
    await collector.stop()
  }
}

type Page = Awaited<ReturnType<typeof openPage>>['page']

/** Clicks, and answers the step that the browser itself is in the trace: from the click to the answer. */
async function clicked(page: Page): Promise<() => CollectedSpan> {
  const [traceId, spanId] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')]
  await page.locator('.face-text').click()
  const done = page.getByRole('button', { name: 'done', exact: true })
  const clickedAt = done.evaluate(
    button =>
      new Promise<number>(resolve =>
        button.addEventListener('click', event => resolve(performance.timeOrigin + event.timeStamp), {
          once: true,
        }),
      ),
  )
  await page.setExtraHTTPHeaders({ traceparent: `00-${traceId}-${spanId}-01` })
  const answered = page.waitForResponse('**/api/feedback')
  await done.click()
  const request = (await answered).request()
  await (await answered).finished()
  await page.setExtraHTTPHeaders({})
  const { startTime, responseEnd } = request.timing()
  const of = { process: 'browser', traceId, spanId, parentSpanId: undefined, name: 'click' }
  const span = { ...of, startMs: await clickedAt, endMs: startTime + responseEnd }
  return () => span
}

const list = (spans: readonly CollectedSpan[]): string =>
  spans
    .map(({ process, name, spanId, parentSpanId }) => `${process} ${name} ${spanId} < ${parentSpanId}`)
    .join('\n')
