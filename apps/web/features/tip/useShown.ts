'use client'
import { useEffect } from 'react'
import { shown } from './wire.ts'

const reported = new Set<string>()

/** Tells the api once that the tip was really on screen: in a visible page, after a frame was painted. */
export function useShown(tipId: string | null) {
  useEffect(() => {
    if (!tipId || reported.has(tipId)) return
    let frame = 0
    const report = () => {
      if (document.visibilityState !== 'visible' || reported.has(tipId)) return
      frame = requestAnimationFrame(() => {
        reported.add(tipId)
        shown(tipId, new Date().toISOString()).catch(() => reported.delete(tipId))
      })
    }
    report()
    document.addEventListener('visibilitychange', report)
    return () => {
      cancelAnimationFrame(frame)
      document.removeEventListener('visibilitychange', report)
    }
  }, [tipId])
}
