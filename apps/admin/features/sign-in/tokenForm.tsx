'use client'
import { ApiProblem, createClient, unreachable } from '@oo/sdk-js'
import { Button } from '@oo/ui'
import { type FormEvent, useState } from 'react'

const api = createClient({ baseUrl: '/api' })

/** One try at a time: wrong tokens are counted, and five within a minute close the form. */
export function TokenForm() {
  const [busy, setBusy] = useState(false)
  const [sentence, setSentence] = useState<string | null>(null)

  async function signIn(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    if (busy) return
    const field = event.currentTarget.elements.namedItem('token')
    const token = String(new FormData(event.currentTarget).get('token') ?? '').trim()
    setSentence(null)
    setBusy(true)
    try {
      if (!token) return setSentence('Write the admin token first.')
      await api.POST('/auth/token', { body: { token } })
      location.assign('/health')
    } catch (error) {
      setSentence((error instanceof ApiProblem ? error : unreachable()).message)
      if (field instanceof HTMLInputElement) field.select()
    } finally {
      setBusy(false)
    }
  }

  return (
    <form method="post" className="grid gap-3 border-t border-line pt-5" onSubmit={signIn}>
      <label className="grid gap-1">
        <span className="text-dim">Admin token</span>
        <input
          name="token"
          type="password"
          autoComplete="current-password"
          spellCheck={false}
          maxLength={512}
          aria-describedby="token-said"
          aria-invalid={sentence !== null}
        />
      </label>
      <Button type="submit" disabled={busy}>
        Sign in with the token
      </Button>
      <p id="token-said" role="alert" className="min-h-[2lh]">
        {sentence}
      </p>
      <noscript>The token needs JavaScript; a provider does not.</noscript>
    </form>
  )
}
