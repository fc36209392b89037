import type { Ask } from '../load.ts'

const day = 86_400_000
const about = { timeZone: 'Europe/Berlin', trigger: 'open' }

/** What a model service would be asked: twelve candidates with their texts, about 3 kB. The peers all get this one. */
function scoreRequest() {
  const now = Date.now()
  const candidates = Array.from({ length: 12 }, (_, at) => ({
    id: `todoist:${7_000_000_000 + at}`,
    kind: 'todo',
    source: 'todoist',
    text: `Reply to Mira about the workshop dates, and ask ${at}`,
    attributes: {
      priority: (at % 4) + 1,
      due: at % 3 === 0 ? null : { date: new Date(now + (at - 4) * day).toISOString().slice(0, 10) },
      createdAt: new Date(now - at * 3 * day).toISOString(),
      effortMin: at % 2 === 0 ? 15 : null,
      timesShown: at % 5,
      recurring: at % 6 === 0,
    },
  }))
  const ids = { decisionId: crypto.randomUUID(), personId: crypto.randomUUID() }
  return { ...ids, now: new Date(now).toISOString(), ...about, candidates }
}

export const peerRequest: Ask = {
  method: 'POST',
  path: '/',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(scoreRequest()),
}
