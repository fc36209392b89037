'use client'
import { ApiProblem, createClient, unreachable } from '@oo/sdk-js'
import { useState } from 'react'

/** The api as the person who has this page open. */
export const api = createClient({ baseUrl: '/api' })

/** Runs one thing the person asked for at a time; what goes wrong is a sentence beside it. */
export function useVerb() {
  const [busy, setBusy] = useState(false)
  const [sentence, setSentence] = useState<string | null>(null)
  const run = async (work: () => Promise<unknown>) => {
    if (busy) return
    setBusy(true)
    setSentence(null)
    try {
      await work()
    } catch (error) {
      const problem = error instanceof ApiProblem ? error : unreachable()
      if (problem.status === 401) {
        const next = location.pathname
        location.assign(`/sign-in?${new URLSearchParams({ next, why: 'expired' })}`)
      }
      setSentence(problem.message)
    } finally {
      setBusy(false)
    }
  }
  return { busy, sentence, run }
}
