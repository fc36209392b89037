'use client'
import { useEffect } from 'react'
import { saveZone } from '../tip/wire.ts'
import { deviceZone } from '../tip/zone.ts'

/** Where oO does not know the person's clock yet, this device tells it, before there is a tip that names a time. */
export function KeepZone({ saved }: { saved: string | null }) {
  useEffect(() => {
    if (saved === null) saveZone(deviceZone()).catch(() => undefined)
  }, [saved])
  return null
}
