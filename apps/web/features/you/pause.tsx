'use client'
import { answerOf } from '@oo/sdk-js'
import type { Profile } from '@oo/shared-types'
import { Button } from '@oo/ui'
import { useState } from 'react'
import { Said } from '../page/said.tsx'
import { api, useVerb } from '../page/useVerb.ts'
import { fieldOf, pickedIn } from '../tip/snooze.ts'
import { momentIn } from '../tip/zone.ts'
import { endOfToday } from './endOfToday.ts'

type PauseProps = { pause: Profile['pause']; zone: string; now: string }

export function Pause({ pause: saved, zone, now }: PauseProps) {
  const [pause, setPause] = useState(saved)
  const [picking, setPicking] = useState(false)
  const { busy, sentence, run } = useVerb()
  const until = (instant: Date | null) =>
    run(async () => {
      const body = instant ? { until: instant.toISOString() } : {}
      setPause((await answerOf(api.POST('/profile/pause', { body }))).pause)
      setPicking(false)
    })
  const resume = () => run(async () => setPause((await answerOf(api.DELETE('/profile/pause'))).pause))

  if (pause) {
    return (
      <>
        <p role="status">
          Paused{' '}
          {pause.until ? `until ${momentIn(zone, new Date(pause.until), new Date(now))}` : 'until you resume'}
          .
        </p>
        <div>
          <Button onClick={resume} disabled={busy}>
            Resume
          </Button>
        </div>
        <Said>{sentence}</Said>
      </>
    )
  }
  return (
    <>
      <div className="flex flex-wrap gap-2">
        <Button disabled={busy} onClick={() => until(new Date(Date.now() + 3_600_000))}>
          An hour
        </Button>
        <Button disabled={busy} onClick={() => until(endOfToday(new Date(), zone))}>
          Today
        </Button>
        <Button disabled={busy} onClick={() => until(null)}>
          Until I resume
        </Button>
        <Button disabled={busy} aria-expanded={picking} onClick={() => setPicking(!picking)}>
          Until…
        </Button>
      </div>
      {picking && <Until zone={zone} busy={busy} set={until} />}
      <Said>{sentence}</Said>
    </>
  )
}

function Until({ zone, busy, set }: { zone: string; busy: boolean; set: (until: Date) => void }) {
  const [field, setField] = useState(() => fieldOf(endOfToday(new Date(), zone), zone))
  const [wrong, setWrong] = useState(false)
  return (
    <form
      noValidate
      className="flex flex-wrap items-center gap-2"
      onSubmit={event => {
        event.preventDefault()
        const until = pickedIn(zone, field, new Date())
        setWrong(!until)
        if (until) set(until)
      }}
    >
      <label className="grid max-w-full grid-cols-[minmax(0,1fr)] gap-1">
        <span className="text-dim">Pause until</span>
        <input type="datetime-local" value={field} onChange={event => setField(event.target.value)} />
      </label>
      <Button type="submit" disabled={busy} className="self-end">
        Pause
      </Button>
      {wrong && (
        <p role="alert" className="basis-full">
          Choose a time that is still ahead.
        </p>
      )}
    </form>
  )
}
