/** For tests: a browser reduced to its cookies, which follows redirects until one leaves the sandbox. */
export type TestBrowser = {
  cookies: Map<string, string>
  open(url: string, form?: Record<string, string>): Promise<{ url: URL; status: number; html: string }>
}

const maxRedirects = 10

export function createTestBrowser(sandboxUrl: string): TestBrowser {
  const cookies = new Map<string, string>()
  const keep = (lines: string[]): void => {
    for (const line of lines) {
      const [pair = '', ...attributes] = line.split(';')
      const [name = '', value = ''] = pair.split(/=(.*)/s)
      const gone = attributes.some(text => /^\s*expires=.*1970/i.test(text))
      if (gone) cookies.delete(name)
      else cookies.set(name, value)
    }
  }
  return {
    cookies,
    async open(start, form) {
      let url = new URL(start)
      let body = form && new URLSearchParams(form)
      for (let hops = 0; hops < maxRedirects; hops += 1) {
        if (url.origin !== sandboxUrl) return { url, status: 0, html: '' }
        const response = await fetch(url, {
          redirect: 'manual',
          method: body ? 'POST' : 'GET',
          headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
          ...(body && { body }),
        })
        keep(response.headers.getSetCookie())
        const next = response.headers.get('location')
        const html = await response.text()
        if (!next) return { url, status: response.status, html }
        url = new URL(next, url)
        body = undefined
      }
      throw new Error(`More than ${maxRedirects} redirects from ${start}`)
    },
  }
}
