'use client'
import { useEffect, useState } from 'react'
import { saveZone } from './wire.ts'
import { deviceZone } from './zone.ts'

/** What the api goes by until it knows better. */
const assumed = 'UTC'
/** By then a zone that was saved has withdrawn what stood. */
const heardWithinMs = 1_000

/** The person's zone; where the api does not know one yet, this device's is saved, and what was decided without is asked for again. */
export function useZone(known: string | null | undefined, look: () => void): string {
  const [zone, setZone] = useState(known ?? assumed)
  useEffect(() => {
    if (known) return
    const own = deviceZone()
    setZone(own)
    if (known !== null) return
    let timer: ReturnType<typeof setTimeout> | undefined
    let isGone = false
    saveZone(own).then(
      () => {
        if (!isGone && own !== assumed) timer = setTimeout(look, heardWithinMs)
      },
      () => undefined,
    )
    return () => {
      isGone = true
      clearTimeout(timer)
    }
  }, [known, look])
  return zone
}
