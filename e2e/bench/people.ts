// People who really signed in at the sandbox and connected their Todoist there, one cookie each.
import type { Ask } from './load.ts'

export interface Person {
  email: string
  /** Sent with every request; sign-in limits count by address, so each person comes from their own. */
  headers: Record<string, string>
}

const withinMs = 10_000
const hops = 20
const atOnce = 4

/** A new person of the sandbox has six open tasks; with these it is the dozen that decisions are measured with. */
const moreTasks = 6

export interface Houses {
  api: string
  sandbox: string
}

export async function makePeople(houses: Houses, count: number, signal: AbortSignal): Promise<Person[]> {
  const people: Person[] = []
  let next = 0
  const worker = async () => {
    for (let number = next++; number < count; number = next++)
      people.push(await makePerson(houses, number, signal))
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return people
}

async function makePerson({ api, sandbox }: Houses, number: number, signal: AbortSignal): Promise<Person> {
  signal.throwIfAborted()
  const email = `bench-${number}@example.test`
  const from = `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`
  const jars = new Map<string, Map<string, string>>()
  const end = await visit(`${api}/api/auth/login/demo?login_hint=${email}`, { api, from, jars })
  if (!jarOf(jars, api).get('sid')) throw new Error(`${email} could not sign in; it ended at ${end}`)
  for (let task = 0; task < moreTasks; task++) await addTask(sandbox, email, task)
  const connected = await visit(`${api}/api/integrations/todoist/connect`, { api, from, jars })
  if (!connected.includes('connected=todoist'))
    throw new Error(`${email} could not connect Todoist; it ended at ${connected}`)
  const cookie = cookieHeader(jarOf(jars, api))
  const headers = { cookie, origin: api, 'x-forwarded-for': from, 'content-type': 'application/json' }
  return { email, headers }
}

async function addTask(sandbox: string, email: string, number: number): Promise<void> {
  const answer = await fetch(`${sandbox}/control/todoist/${email}/tasks`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ content: `Look after matter ${number}`, priority: (number % 4) + 1 }),
    signal: AbortSignal.timeout(withinMs),
  })
  if (!answer.ok) throw new Error(`The sandbox refused a task: ${await answer.text()}`)
}

interface Browser {
  api: string
  from: string
  jars: Map<string, Map<string, string>>
}

/** Follows redirects as a browser does, until an answer is none or leads to a page of the web app. */
async function visit(start: string, { api, from, jars }: Browser): Promise<string> {
  let at = new URL(start)
  for (let hop = 0; hop < hops; hop++) {
    if (at.origin === api && !at.pathname.startsWith('/api/')) return at.href
    const jar = jarOf(jars, at.origin)
    const answer = await fetch(at, {
      redirect: 'manual',
      headers: { cookie: cookieHeader(jar), 'x-forwarded-for': from },
      signal: AbortSignal.timeout(withinMs),
    })
    const text = await answer.text()
    keepCookies(jar, answer.headers.getSetCookie())
    const to = answer.headers.get('location')
    if (!to) throw new Error(`${at.pathname} answered ${answer.status}: ${text.slice(0, 300)}`)
    at = new URL(to, at)
  }
  throw new Error(`${start} redirects in circles`)
}

function jarOf(jars: Browser['jars'], origin: string): Map<string, string> {
  const jar = jars.get(origin) ?? new Map<string, string>()
  jars.set(origin, jar)
  return jar
}

const cookieHeader = (jar: Map<string, string>): string =>
  [...jar].map(([name, value]) => `${name}=${value}`).join('; ')

function keepCookies(jar: Map<string, string>, lines: string[]): void {
  for (const line of lines) {
    const [pair = ''] = line.split(';')
    const at = pair.indexOf('=')
    if (at + 1 === pair.length || /max-age=0\b/i.test(line)) jar.delete(pair.slice(0, at))
    else jar.set(pair.slice(0, at), pair.slice(at + 1))
  }
}

export const recommendAs = (person: Person): Ask => ({
  method: 'POST',
  path: '/api/recommend',
  headers: person.headers,
  body: '{}',
})

/** Asks once as each person, in turn: afterwards everybody has an answer. */
export async function askEveryone(
  api: string,
  people: readonly Person[],
  signal: AbortSignal,
): Promise<Map<Person, { decisionId: string; hasTip: boolean }>> {
  const answers = new Map<Person, { decisionId: string; hasTip: boolean }>()
  for (const person of people) {
    signal.throwIfAborted()
    const { path, ...ask } = recommendAs(person)
    const answer = await fetch(api + path, { ...ask, signal: AbortSignal.timeout(withinMs) })
    const body: unknown = await answer.json()
    if (!answer.ok) throw new Error(`${person.email} was refused: ${JSON.stringify(body)}`)
    const { decisionId, tip } = Object(body)
    answers.set(person, { decisionId: String(decisionId), hasTip: Boolean(tip) })
  }
  return answers
}

/** Everyone's share of the connections: no two connections act for one person. */
export const shareOf = <T>(all: readonly T[], connection: number, connections: number): T[] =>
  all.filter((_, at) => at % connections === connection)
