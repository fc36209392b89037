// A person at a browser, for tests: keeps cookies, sends its origin, and follows redirects between us and the sandbox.
export interface Answered {
  status: number
  body: Record<string, unknown>
  raw: Buffer
  headers: Record<string, unknown>
}

export interface Person {
  get(path: string): Promise<Answered>
  send(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<Answered>
  /** Follows redirects between the api and the sandbox as a browser would; answers where it ended. */
  visit(path: string): Promise<string>
  sid(): string | undefined
  /** Goes on with a session that began elsewhere. */
  takeOver(sid: string | undefined): void
}

export type Ask = (
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  sent: { headers: Record<string, string>; body?: object },
) => Promise<Pick<Answered, 'status' | 'raw' | 'headers'> & { setCookies: string[] }>

export function openBrowser(origin: string, ask: Ask): Person {
  const cookies = new Map<string, string>()
  const elsewhere = new Map<string, string>()
  const send = async (method: Parameters<Ask>[0], path: string, body?: object): Promise<Answered> => {
    const cookie = headerOf(cookies)
    const headers = { host: new URL(origin).host, origin, ...(cookie && { cookie }) }
    const { setCookies, ...answer } = await ask(method, path, { headers, ...(body && { body }) })
    keepCookies(cookies, setCookies)
    const json = String(answer.headers['content-type']).includes('json')
    return { ...answer, body: json ? JSON.parse(answer.raw.toString()) : {} }
  }
  return {
    get: path => send('GET', path),
    send,
    sid: () => cookies.get('sid'),
    takeOver: sid => void cookies.set('sid', sid ?? ''),
    async visit(path) {
      let at = new URL(path, origin)
      for (let hop = 0; hop < 20; hop++) {
        const to = at.href.startsWith(origin) ? await ours(at) : await theirs(at)
        if (to === null) return at.href
        at = new URL(to, at)
      }
      throw new Error('too many redirects')
    },
  }

  async function ours(at: URL): Promise<string | null> {
    if (!at.pathname.startsWith('/api/')) return null
    const answer = await send('GET', at.pathname + at.search)
    return answer.status === 302 ? String(answer.headers.location) : null
  }
  async function theirs(at: URL): Promise<string | null> {
    const answer = await fetch(at, {
      redirect: 'manual',
      headers: { cookie: headerOf(elsewhere) },
      signal: AbortSignal.timeout(5_000),
    })
    await answer.arrayBuffer()
    keepCookies(elsewhere, answer.headers.getSetCookie())
    return answer.headers.get('location')
  }
}

const headerOf = (jar: Map<string, string>): string =>
  [...jar].map(([name, value]) => `${name}=${value}`).join('; ')

function keepCookies(jar: Map<string, string>, lines: string[]): void {
  for (const line of lines) {
    const [pair = ''] = line.split(';')
    const at = pair.indexOf('=')
    const value = pair.slice(at + 1)
    if (value === '' || /max-age=0\b/i.test(line)) jar.delete(pair.slice(0, at))
    else jar.set(pair.slice(0, at), value)
  }
}
