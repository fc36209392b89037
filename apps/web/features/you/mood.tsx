'use client'
import { Button } from '@oo/ui'
import { useRef, useState } from 'react'
import { Said } from '../page/said.tsx'
import { api, useVerb } from '../page/useVerb.ts'

const feelings: [mood: number, name: string][] = [
  [-2, 'Low'],
  [-1, 'Not so good'],
  [0, 'Even'],
  [1, 'Good'],
  [2, 'Very good'],
]

export interface Noted {
  mood: number
  when: string
}

export function Mood({ noted: saved }: { noted: Noted | null }) {
  const [noted, setNoted] = useState(saved)
  const { busy, sentence, run } = useVerb()
  const row = useRef<HTMLFieldSetElement>(null)
  const note = (mood: number) =>
    run(async () => {
      await api.POST('/signals/mood', { body: { mood } })
      setNoted({ mood, when: 'just now' })
    })
  const takeBack = () =>
    run(async () => {
      await api.DELETE('/signals/mood')
      // The button that has the focus goes.
      row.current?.querySelector<HTMLElement>('[aria-pressed=true]')?.focus()
      setNoted(null)
    })
  const name = feelings.find(([mood]) => mood === noted?.mood)?.[1]
  return (
    <>
      <fieldset ref={row} className="flex min-w-0 flex-wrap gap-2">
        <legend className="sr-only">How you feel</legend>
        {feelings.map(([mood, feeling]) => (
          <Button key={mood} disabled={busy} aria-pressed={noted?.mood === mood} onClick={() => note(mood)}>
            {feeling}
          </Button>
        ))}
      </fieldset>
      {noted && (
        <div className="flex flex-wrap items-center gap-3">
          <p className="text-dim">{`${name}, noted ${noted.when}.`}</p>
          <Button disabled={busy} onClick={takeBack}>
            Undo <span className="sr-only">“{name}”</span>
          </Button>
        </div>
      )}
      <Said>{sentence}</Said>
    </>
  )
}
