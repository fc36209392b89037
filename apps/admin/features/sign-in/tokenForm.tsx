'use client'
import { ApiProblem, createClient, unreachable } from '@oo/sdk-js'
import { Button } from '@oo/ui'
import { useState } from 'react'

const api = createClient({ baseUrl: '/api' })

export function TokenForm() {
  const [busy, setBusy] = useState(false)
  const [sentence, setSentence] = useState<string | null>(null)

  async function signIn(token: string) {
    setBusy(true)
    setSentence(null)
    try {
      if (!token) return setSentence('Write the admin token first.')
      await api.POST('/auth/token', { body: { token } })
      location.assign('/health')
    } catch (error) {
      setSentence((error instanceof ApiProblem ? error : unreachable()).message)
    } finally {
      setBusy(false)
    }
  }

  return (
    <form
      className="grid gap-2 border-t border-line pt-5"
      onSubmit={event => {
        event.preventDefault()
        signIn(String(new FormData(event.currentTarget).get('token') ?? '').trim())
      }}
    >
      <label className="grid gap-1">
        <span className="text-dim">Admin token</span>
        <input
          name="token"
          type="password"
          autoComplete="off"
          maxLength={512}
          aria-describedby="token-said"
        />
      </label>
      <Button type="submit" disabled={busy}>
        Sign in with the token
      </Button>
      <p id="token-said" role="alert" className="empty:hidden">
        {sentence}
      </p>
    </form>
  )
}
