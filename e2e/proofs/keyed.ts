// Requests with a key of their own, as the web app sends them; each is sent once, and what came back is told.
export interface Asked {
  method: string
  path: string
  headers: Record<string, string>
  body?: string
}

export interface Came {
  status: number
  /** What has to be the same again: the body, byte for byte, and what it is. */
  bytes: string
  id: string
}

const answerWithinMs = 20_000

export const withKey = (ask: Asked, key: string): Asked => ({
  ...ask,
  headers: { ...ask.headers, 'idempotency-key': key },
})

/** Undefined when nobody answered. */
export async function sendOnce(url: string, { path, ...ask }: Asked): Promise<Came | undefined> {
  try {
    const answer = await fetch(url + path, { ...ask, signal: AbortSignal.timeout(answerWithinMs) })
    const text = await answer.text()
    const body: unknown = answer.status === 200 ? JSON.parse(text) : {}
    const bytes = `${answer.status} ${answer.headers.get('content-type')} ${text}`
    return { status: answer.status, bytes, id: String(Object(body).id) }
  } catch {
    return undefined
  }
}
