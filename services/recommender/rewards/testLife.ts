// A month of somebody's life, drawn from a seed and lived through the real modules, with a diary of what happened. What
// a call answers (a refusal, a silence) is taken as it comes, so the life goes on whatever is decided.
import { seededRandom } from '@oo/kernel'
import type { ReactionKind } from '@oo/shared-types'
import { type House, requestBy, type Someone } from '../testHouse.ts'
import { closeTips } from './closeTips.ts'
import type { Diary, DiaryTip } from './testOracle.ts'

const [minuteMs, hourMs, dayMs] = [60_000, 3_600_000, 86_400_000]
const kinds: ReactionKind[] = [
  ...(['done', 'done', 'helpful', 'snooze', 'not_helpful', 'dismiss'] as const),
  ...(['wrong_time', 'wrong_thing', 'already_done', 'never'] as const),
]

interface Task {
  id: string
  checked: boolean
  completed_at: string | null
  updated_at: string
  due: { date: string } | null
}

export interface Lived {
  diary: Diary
  /** How often each thing happened, so that a life in which it did not is noticed. */
  counts: Record<string, number>
}

export async function liveAMonth(house: House, someone: Someone, seed: number, days = 30): Promise<Lived> {
  const { clock, handlers } = house
  const chance = seededRandom(seed)
  const diary: Diary = { tips: [], completions: [], pauses: [] }
  const counts: Record<string, number> = {}
  const count = (name: string): void => {
    counts[name] = (counts[name] ?? 0) + 1
  }
  const plan = openPlan()
  const begins = clock.now().getTime()
  const ends = begins + days * dayMs
  const tips = new Map<string, DiaryTip>()
  const later = (ms: number, act: () => Promise<void>) => plan.add(clock.now().getTime() + ms, act)
  const between = (least: number, most: number) => Math.floor(least + chance.next() * (most - least))
  const is = (share: number) => chance.next() < share

  const tasksPath = `todoist/${someone.email}/tasks`
  const tasks = async () => (await house.control<{ tasks: Task[] }>(tasksPath)).tasks
  const closer = new Map<string, 'person' | 'oO'>()
  let known = new Set<string>()
  let occurrences: { id: string; at: Date; by: 'person' | 'oO' }[] = []

  /** Whatever was closed by it was closed by them; of a recurring task, which stays open, one occurrence. */
  async function closing(by: 'person' | 'oO', act: () => Promise<unknown>): Promise<void> {
    const open = new Map((await tasks()).filter(task => !task.checked).map(task => [task.id, task]))
    await act()
    for (const { id, checked, due, updated_at } of await tasks()) {
      const before = open.get(id)
      if (before && checked) closer.set(id, by)
      else if (before && due?.date !== before.due?.date)
        occurrences.push({ id, at: new Date(updated_at), by })
    }
  }

  async function look(): Promise<void> {
    const now = await tasks()
    for (const { id, checked, completed_at } of now)
      if (known.has(id) && checked && completed_at) {
        const [item, by] = [`todoist:${id}`, closer.get(id) ?? 'person']
        diary.completions.push({ item, at: new Date(completed_at), by })
        count(`heard of ${by}`)
      }
    for (const { id, ...occurrence } of occurrences)
      if (known.has(id)) {
        diary.completions.push({ item: `todoist:${id}`, ...occurrence })
        count(`heard of ${occurrence.by}`)
        count('heard of an occurrence')
      }
    occurrences = []
    known = new Set(now.filter(task => !task.checked).map(({ id }) => id))
    const once = () => house.look(someone)
    await Promise.all([once(), once()])
    if (is(0.3)) await once()
  }

  async function show(tip: DiaryTip, tipId: string, at: Date): Promise<void> {
    const body = { at: at.toISOString() }
    await handlers.reportShown(requestBy<'reportShown'>(someone, { params: { id: tipId }, body }))
    tip.shownAt ??= at
    count('shown')
  }

  async function react(
    tip: DiaryTip,
    tipId: string,
    agoMs = 0,
    reaction = kinds[between(0, kinds.length)] ?? 'done',
  ): Promise<string | undefined> {
    const now = clock.now().getTime()
    const created = tipsCreated.get(tipId) ?? now
    const at = new Date(Math.max(created, now - agoMs))
    const snoozeUntil =
      reaction === 'snooze' ? new Date(now + between(1, 9) * hourMs).toISOString() : undefined
    const body = { tipId, reaction, at: at.toISOString(), ...(snoozeUntil && { snoozeUntil }) }
    const answer = await accepted(handlers.react(requestBy<'react'>(someone, { body })))
    if (!answer || tip.reactions.some(({ id }) => id === answer.body.id)) return undefined
    const { id } = answer.body
    tip.shownAt ??= at
    tip.reactions.push({ id, kind: reaction, at, undone: false })
    count(reaction)
    const settle = async () => {
      await house.runJob('recommender.settle-task', { reactionId: id })
      later(10 * minuteMs, look)
    }
    if (reaction === 'done') later(is(0.8) ? 7_000 : between(1, 90) * minuteMs, () => closing('oO', settle))
    if (is(0.3))
      later(between(3_000, 22 * hourMs), async () => {
        const undone = requestBy<'undoReaction'>(someone, { params: { id } })
        if (!(await accepted(handlers.undoReaction(undone)))) return
        for (const one of tip.reactions) if (one.id === id) one.undone = true
        count('undone')
        if (reaction === 'done') await settle()
      })
    return id
  }

  const tipsCreated = new Map<string, number>()

  async function open(): Promise<void> {
    await house.readTasks(someone)
    const { body } = await handlers.recommend(requestBy<'recommend'>(someone))
    if (!body.tip) return count(`silent: ${body.silence?.reason}`)
    const tipId = body.tip.id
    if (tips.has(tipId)) return
    const [row] = await house.rows('SELECT source, external_id FROM recommender.tips WHERE id = $1', [tipId])
    const id = String(row.external_id)
    const tip: DiaryTip = {
      ...{ decisionId: body.decisionId, item: `${row.source}:${id}` },
      ...{ shownAt: null, reactions: [] },
    }
    tips.set(tipId, tip)
    diary.tips.push(tip)
    const now = clock.now().getTime()
    tipsCreated.set(tipId, now)
    count(String(row.source))

    const isShown = is(0.85)
    if (isShown) {
      const at = new Date(now + between(1, 60) * 1_000)
      const reported = is(0.7) ? at.getTime() + 2_000 : at.getTime() + between(1, 30) * hourMs
      plan.add(reported, () => show(tip, tipId, at))
    }
    const kind = chance.next()
    if (kind < 0.4 && (isShown || is(0.3))) {
      later(
        between(2 * minuteMs, 7 * hourMs),
        async () => void (await react(tip, tipId, is(0.3) ? hourMs : 0)),
      )
      if (is(0.3)) later(between(8, 20) * hourMs, async () => void (await react(tip, tipId)))
    } else if (kind < 0.5)
      later(between(25, 45) * hourMs, async () => void (await react(tip, tipId, between(0, 20) * hourMs)))
    if (row.source === 'todoist' && is(0.5))
      later(between(10 * minuteMs, 44 * hourMs), async () => {
        await closing('person', () => accepted(house.control(`${tasksPath}/${id}/complete`, {})))
        if (is(0.5)) later(between(1, 5) * minuteMs, look)
        if (is(0.2))
          later(between(2, 9) * hourMs, async () => {
            await accepted(house.control(`${tasksPath}/${id}/reopen`, {}))
            await look()
            later(between(1, 9) * hourMs, () =>
              closing('person', () => accepted(house.control(`${tasksPath}/${id}/complete`, {}))),
            )
          })
      })
    else if (row.source === 'todoist' && is(0.05))
      later(hourMs, async () => void (await accepted(house.control(`${tasksPath}/${id}/delete`, {}))))
  }

  /** Done here and heard of from the provider, whatever else chance brings: each day until it was three times. */
  async function doneHere(): Promise<void> {
    if ((counts['heard of oO'] ?? 0) >= 3) return
    // A task that nobody knew as open is not heard of when it closes.
    await look()
    for (let tries = 0; tries < 20; tries++) {
      await open()
      const [tipId, tip] = [...tips].at(-1) ?? []
      if (!tip || !tipId || tip.reactions.length > 0) return
      if (!tip.item.startsWith('todoist:')) {
        await react(tip, tipId, 0, 'helpful')
        continue
      }
      const reactionId = await react(tip, tipId, 0, 'done')
      if (!reactionId) return
      later(7_000, () => closing('oO', () => house.runJob('recommender.settle-task', { reactionId })))
      later(minuteMs, look)
      return
    }
  }

  const pause = (until: Date | null) => async () => {
    await handlers.pause(requestBy<'pause'>(someone, { body: until ? { until: until.toISOString() } : {} }))
    diary.pauses.push({ since: clock.now(), until })
    count('paused')
  }
  const resume = async () => {
    await handlers.resume(requestBy<'resume'>(someone))
    const last = diary.pauses.at(-1)
    if (last) last.until = clock.now()
  }
  const add = async (n: number) => {
    const due = is(0.4)
      ? { due_date: new Date(clock.now().getTime() + dayMs).toISOString().slice(0, 10) }
      : {}
    await house.control(tasksPath, { content: `Something new ${n}`, priority: between(1, 5), ...due })
  }

  for (let day = 0; day < days; day++) {
    const at = (hour: number) => begins + day * dayMs + hour * hourMs + between(0, 40 * minuteMs)
    plan.add(at(1), () => add(2 * day))
    plan.add(at(6), () => add(2 * day + 1))
    for (const hour of [2, 3, 5, 8, 11, 14, 17]) if (is(0.8)) plan.add(at(hour), open)
    for (const hour of [4, 13]) if (is(0.7)) plan.add(at(hour), look)
    for (const hour of [0, 7, 15, 21])
      plan.add(at(hour), () => closeTips({ ...house.ctx, events: house.events.door }))
  }
  const on = (day: number, hour: number) => begins + day * dayMs + hour * hourMs
  for (let day = 1; day < days; day++) plan.add(on(day, 9.8), doneHere)
  plan.add(on(6, 4), pause(null))
  plan.add(on(7, 11), resume)
  plan.add(on(13, 9), pause(new Date(on(13, 14))))
  plan.add(on(20, 6), pause(new Date(on(23, 6))))
  plan.add(on(21, 18), resume)

  await look()
  for (let next = plan.next(); next; next = plan.next()) {
    if (next.at > clock.now().getTime()) clock.set(new Date(next.at))
    await next.act()
    if (is(0.25)) await house.events.drain()
  }
  clock.set(new Date(Math.max(ends, clock.now().getTime()) + 3 * dayMs))
  await look()
  await house.events.drain()
  await closeTips({ ...house.ctx, events: house.events.door })
  await house.events.drain()
  await house.events.drain()
  return { diary, counts }
}

/** Undefined where it was refused. */
const accepted = <T>(work: Promise<T>): Promise<T | undefined> => work.catch(() => undefined)

interface Act {
  at: number
  act: () => Promise<void>
}

/** What is still to happen, the soonest first; the same moment in the order in which it was planned. */
function openPlan() {
  const acts: Act[] = []
  return {
    add(at: number, act: () => Promise<void>) {
      const before = acts.findIndex(one => one.at > at)
      acts.splice(before < 0 ? acts.length : before, 0, { at, act })
    },
    next: () => acts.shift(),
  }
}
