import { createHash } from 'node:crypto'
import type { FastifyReply } from 'fastify'

const style = `
:root{color-scheme:dark}*{box-sizing:border-box}
body{margin:0;min-height:100dvh;display:grid;place-items:center;padding:24px;background:#000;color:#f5f5f4;
font:400 17px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
main{width:100%;max-width:340px;text-align:center}
h1{margin:0 0 8px;font-size:24px;font-weight:500;letter-spacing:-.01em;text-wrap:balance}
p{margin:0;color:#a8a29e;text-wrap:balance}form{margin:32px 0 0}
button{width:100%;min-height:52px;padding:12px 20px;border:0;border-radius:26px;background:#f5f5f4;color:#0c0a09;
font:inherit;font-weight:500;line-height:1.3;cursor:pointer;overflow-wrap:anywhere}
button:hover{background:#fff}
details{margin-top:24px;color:#a8a29e}summary{cursor:pointer;min-height:44px;line-height:44px;list-style:none;border-radius:8px}
summary::-webkit-details-marker{display:none}details form{margin-top:8px;text-align:left}
label{display:block;margin-bottom:6px;font-size:15px}
input{width:100%;min-height:48px;margin-bottom:12px;padding:10px 16px;border:1px solid #57534e;border-radius:14px;background:#0c0a09;color:inherit;font:inherit}
label.choice{display:flex;gap:12px;align-items:center;min-height:44px;margin-bottom:8px;text-align:left}
.choice input{flex:none;width:20px;min-height:20px;margin:0}
details button{background:#292524;color:#f5f5f4}details button:hover{background:#44403c}
:focus-visible{outline:2px solid #f5f5f4;outline-offset:3px}
small{display:block;margin-top:32px;font-size:13px;color:#8c8580}`

const styleHash = createHash('sha256').update(style).digest('base64')

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, sign => `&#${sign.charCodeAt(0)};`)

export type ConsentPage = {
  title: string
  sentence: string
  person: { name: string; email: string }
  action: string
  hidden: Record<string, string>
  /** What the person may leave out, each ticked at first. */
  choices?: { name: string; label: string }[]
  note?: string | undefined
}

function shell(title: string, body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title><style>${style}</style></head><body><main>${body}</main></body></html>`
}

function send(
  reply: FastifyReply,
  status: number,
  html: string,
  formTargets: Iterable<string>,
): FastifyReply {
  return reply
    .code(status)
    .header('content-type', 'text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('referrer-policy', 'no-referrer')
    .header(
      'content-security-policy',
      `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' ${[...formTargets].join(' ')}`,
    )
    .send(html)
}

/** One button, and a quiet way to be somebody else. `formTargets` are the origins that the answer redirects to. */
export function sendConsent(
  reply: FastifyReply,
  page: ConsentPage,
  formTargets: Iterable<string>,
): FastifyReply {
  const hidden = Object.entries(page.hidden)
    .map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`)
    .join('')
  const choices = (page.choices ?? [])
    .map(
      ({ name, label }) =>
        `<label class="choice"><input type="checkbox" name="${escapeHtml(name)}" checked>${escapeHtml(label)}</label>`,
    )
    .join('')
  const form = (inner: string) =>
    `<form method="post" action="${escapeHtml(page.action)}">${hidden}${choices}${inner}</form>`
  const note = page.note ? `<p role="alert">${escapeHtml(page.note)}</p>` : ''
  const body = `<h1>${escapeHtml(page.title)}</h1><p>${escapeHtml(page.sentence)}</p>
${form(`<input type="hidden" name="email" value="${escapeHtml(page.person.email)}"><button type="submit" autofocus>Continue as ${escapeHtml(page.person.name)}</button>`)}
<details${page.note ? ' open' : ''}><summary>Use another address</summary>${form(`${note}<label for="email">E-mail address</label>
<input id="email" name="email" type="email" required autocomplete="email" maxlength="254" placeholder="ada@example.test"><button type="submit">Continue</button>`)}</details>
<small>A stand-in on this machine. Nothing leaves it.</small>`
  return send(reply, page.note ? 400 : 200, shell(page.title, body), formTargets)
}

export const sentencePage = (title: string, sentence: string): string =>
  shell(title, `<h1>${escapeHtml(title)}</h1><p>${escapeHtml(sentence)}</p>`)

export const sendSentence = (
  reply: FastifyReply,
  status: number,
  title: string,
  sentence: string,
): FastifyReply => send(reply, status, sentencePage(title, sentence), [])
