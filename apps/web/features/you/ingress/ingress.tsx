'use client'
import { ApiProblem, answerOf } from '@oo/sdk-js'
import { Button } from '@oo/ui'
import { useState } from 'react'
import { focused } from '../../page/focused.ts'
import { Said } from '../../page/said.tsx'
import { api, useVerb } from '../../page/useVerb.ts'
import { SourceRow } from './source.tsx'
import { allTypes, nameOf, type SignalType, type Source, told } from './words.ts'

type IngressProps = { sources: Source[]; zone: string; now: string }

/** Sources of the person's own: a list, and what makes one more. */
export function Ingress({ sources: saved, zone, now }: IngressProps) {
  const [sources, setSources] = useState(saved.map(source => ({ source, secret: '' })))
  /** `left`: nothing was made, and the button that began it has the focus again. */
  const [making, setMaking] = useState<boolean | 'left'>(false)
  const [deleted, setDeleted] = useState<Source | null>(null)
  const made = (source: Source, secret: string) => {
    setSources(those => [...those, { source, secret }])
    setMaking(false)
    setDeleted(null)
  }
  const gone = (one: Source) => {
    setSources(those => those.filter(({ source }) => source.id !== one.id))
    setDeleted(one)
  }
  return (
    <>
      {deleted && (
        <p key={deleted.id} ref={focused} tabIndex={-1} className="w-fit text-dim">
          {nameOf(deleted)} is deleted, and what it told counts no longer.
        </p>
      )}
      {sources.length === 0 && making !== true && !deleted && <p className="text-dim">You have none yet.</p>}
      <ul className="empty:hidden">
        {sources.map(({ source, secret }) => (
          <SourceRow
            key={source.id}
            saved={source}
            secret={secret}
            zone={zone}
            now={now}
            gone={() => gone(source)}
          />
        ))}
      </ul>
      {making === true ? (
        <Make made={made} away={() => setMaking('left')} />
      ) : (
        <div>
          <Button ref={making === 'left' ? focused : undefined} onClick={() => setMaking(true)}>
            Add a source
          </Button>
        </div>
      )}
    </>
  )
}

type MakeProps = { made: (source: Source, secret: string) => void; away: () => void }

function Make({ made, away }: MakeProps) {
  const [name, setName] = useState('')
  const [types, setTypes] = useState<SignalType[]>([])
  const [wrong, setWrong] = useState<string | null>(null)
  const { busy, sentence, run } = useVerb()
  const make = () =>
    run(async () => {
      const body = { name: name.trim(), types }
      const answer = await answerOf(api.POST('/integrations/ingress', { body })).catch(unlessMisfit)
      if (answer) made(answer.source, answer.secret)
      else setWrong('oO cannot show that name. Type another one; nothing was made.')
    })
  const toggle = (type: SignalType) => {
    setWrong(null)
    setTypes(those => (those.includes(type) ? those.filter(one => one !== type) : [...those, type]))
  }
  return (
    <form
      className="grid gap-4"
      noValidate
      onSubmit={event => {
        event.preventDefault()
        const missing =
          name.trim() === '' ? 'a name' : types.length === 0 ? 'at least one thing it may tell' : null
        setWrong(missing && `Give it ${missing} first; nothing was made.`)
        if (!missing) make()
      }}
    >
      <label className="grid max-w-72 grid-cols-[minmax(0,1fr)] gap-1">
        <span className="text-dim">Name</span>
        <input
          value={name}
          maxLength={40}
          autoComplete="off"
          ref={focused}
          placeholder="Watch"
          aria-describedby="ingress-said"
          onChange={event => setName(event.target.value)}
        />
      </label>
      <fieldset className="grid justify-items-start">
        <legend className="text-dim">It may tell oO</legend>
        {allTypes.map(type => (
          <label key={type} className="flex min-h-11 items-center gap-3">
            <input
              type="checkbox"
              className="size-5 min-h-0 shrink-0 accent-(--color-ink)"
              checked={types.includes(type)}
              onChange={() => toggle(type)}
            />
            {told[type]}
          </label>
        ))}
      </fieldset>
      <div className="flex flex-wrap gap-2">
        <Button type="submit" disabled={busy}>
          Make it
        </Button>
        <Button disabled={busy} onClick={() => busy || away()}>
          Never mind
        </Button>
      </div>
      <p id="ingress-said" role="alert" className="empty:hidden">
        {wrong}
      </p>
      <Said>{sentence}</Said>
    </form>
  )
}

/** The name is all that a person types here, so it is what does not fit. */
function unlessMisfit(error: unknown): null {
  if (error instanceof ApiProblem && error.status === 400) return null
  throw error
}
