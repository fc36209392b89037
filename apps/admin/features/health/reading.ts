import { ApiProblem, answerOf, type Client } from '@oo/sdk-js'
import type { Health } from '@oo/shared-types'

/** What one look found: every part, an api that could not tell, or someone who may not ask. */
export type Look =
  | { at: string; health: Health }
  | { at: string; silent: boolean; sentence: string }
  | { at: string; refused: 401 | 403 }

export type Answered = Extract<Look, { health: Health }>
/** The newest look, and the newest that was answered: its parts stay in sight while the api is away. */
export type Seen = { look: Look; answered: Answered | null }
export type State = Health['status'] | 'away'
export type Reading = { state: State; sentence: string; todo: { name: string; sentence: string }[] }

export async function lookAt(api: Client): Promise<Look> {
  const at = new Date().toISOString()
  try {
    return { at, health: await answerOf(api.GET('/admin/health')) }
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error
    const { status, code, message } = error
    if (status === 401 || status === 403) return { at, refused: status }
    return { at, silent: status === 0 || code.startsWith('api_'), sentence: message }
  }
}

export function follow(before: Seen | null, look: Look): Seen {
  return { look, answered: 'health' in look ? look : (before?.answered ?? null) }
}

/** The whole in one sentence, and what to do about it. */
export function read(look: Exclude<Look, { refused: number }>): Reading {
  if (!('health' in look)) {
    return {
      state: 'away',
      sentence: look.silent ? 'The api does not answer.' : 'The api cannot tell.',
      todo: [{ name: 'api', sentence: look.silent ? 'Start it, or read its log.' : look.sentence }],
    }
  }
  const { status, parts } = look.health
  const todo = parts.flatMap(part =>
    part.status === 'ok' ? [] : [{ name: part.name, sentence: whatToDo(part) }],
  )
  const names = todo.map(({ name }) => name).join(', ')
  const needs = todo.length === 1 ? 'part needs' : 'parts need'
  return {
    state: status,
    sentence: todo.length === 0 ? 'Everything is up.' : `${todo.length} ${needs} you: ${names}.`,
    todo,
  }
}

/** A part that is degraded says what to do; one that is down only says what it died of. */
function whatToDo({ status, message = 'It does not say why' }: Health['parts'][number]): string {
  const said = /[.!?]$/.test(message) ? message : `${message}.`
  return status === 'down' ? `${said} Start it again, or read its log.` : said
}
