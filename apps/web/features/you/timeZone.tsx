'use client'
import { answerOf } from '@oo/sdk-js'
import { Button } from '@oo/ui'
import { type ReactNode, useEffect, useState } from 'react'
import { Said } from '../page/said.tsx'
import { api, useVerb } from '../page/useVerb.ts'
import { deviceZone } from '../tip/zone.ts'

/** The zone oO keeps for the person; this device's own is offered when it differs. */
export function TimeZone({ saved, children }: { saved: string | null; children: ReactNode }) {
  const [zone, setZone] = useState(saved)
  const [device, setDevice] = useState<string | null>(null)
  const [done, setDone] = useState<string | null>(null)
  const { busy, sentence, run } = useVerb()
  useEffect(() => setDevice(deviceZone()), [])

  const save = (timeZone: string) =>
    run(async () => {
      setDone(null)
      const profile = await answerOf(api.PATCH('/profile', { body: { timeZone } }))
      setZone(profile.timeZone)
      setDone(`oO now keeps ${profile.timeZone}.`)
    })

  return (
    <>
      <div className="flex flex-wrap gap-2">
        <select
          aria-label="Time zone"
          value={zone ?? ''}
          aria-busy={busy}
          onChange={event => save(event.target.value)}
        >
          {zone === null && <option value="">Not known yet</option>}
          {children}
        </select>
        {device && device !== zone && (
          <Button disabled={busy} onClick={() => save(device)}>
            Use {device}
          </Button>
        )}
      </div>
      <Said>{sentence ?? done}</Said>
    </>
  )
}
