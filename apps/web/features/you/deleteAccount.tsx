'use client'
import { answerOf } from '@oo/sdk-js'
import { Button } from '@oo/ui'
import { useState } from 'react'
import { api, useVerb } from '../page/useVerb.ts'

export function DeleteAccount() {
  const [typed, setTyped] = useState('')
  const [wrong, setWrong] = useState(false)
  const { busy, sentence, run } = useVerb()
  const erase = () =>
    run(async () => {
      const body = { confirm: 'delete' } as const
      const { receiptId } = await answerOf(api.DELETE('/profile', { body }))
      location.assign(`/receipt/${receiptId}`)
    })
  return (
    <form
      className="flex flex-wrap items-end gap-2"
      onSubmit={event => {
        event.preventDefault()
        const sure = typed.trim().toLowerCase() === 'delete'
        setWrong(!sure)
        if (sure) erase()
      }}
    >
      <label className="grid max-w-full grid-cols-[minmax(0,1fr)] gap-1">
        <span className="text-dim">Type “delete” to confirm</span>
        <input
          value={typed}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          aria-invalid={wrong}
          aria-describedby="delete-said"
          onChange={event => setTyped(event.target.value)}
        />
      </label>
      <Button type="submit" look="grave" disabled={busy}>
        Delete my account
      </Button>
      <p id="delete-said" role="alert" className="basis-full empty:hidden">
        {wrong ? 'Type the word delete into the field first; nothing was deleted.' : sentence}
      </p>
    </form>
  )
}
