'use client'
import type { Profile } from '@oo/shared-types'
import { useState } from 'react'
import { Said } from '../page/said.tsx'
import { api, useVerb } from '../page/useVerb.ts'

const choices: [Profile['contrast'], string][] = [
  ['black', 'Pure black'],
  ['soft', 'Soft, for eyes that pure black hurts'],
]

export function Contrast({ saved }: { saved: Profile['contrast'] }) {
  const [contrast, setContrast] = useState(saved)
  const { busy, sentence, run } = useVerb()
  const choose = (next: Profile['contrast']) =>
    run(async () => {
      await api.PATCH('/profile', { body: { contrast: next } })
      setContrast(next)
      document.querySelector('[data-contrast]')?.setAttribute('data-contrast', next)
    })
  return (
    <fieldset aria-busy={busy}>
      <legend className="sr-only">Contrast</legend>
      {choices.map(([value, name]) => (
        <label key={value} className="flex min-h-11 items-center gap-3">
          <input
            type="radio"
            name="contrast"
            className="size-5 min-h-0 accent-ink"
            checked={contrast === value}
            onChange={() => choose(value)}
          />
          {name}
        </label>
      ))}
      <Said>{sentence}</Said>
    </fieldset>
  )
}
