'use client'
import { useEffect, useRef } from 'react'
import type { Face } from './machine.ts'

const awayMs = [2_000, 4_000, 8_000, 15_000, 30_000]
const maxTries = 40
const staleMs = 30_000
const longestMs = 6 * 3_600_000

/** Looks again when it makes sense: when the api was away, when a silence ends, when the person comes back. */
export function useLooking(face: Face, lookAgain: () => void) {
  const tries = useRef(0)
  const lookedAt = useRef(0)

  useEffect(() => {
    lookedAt.current = Date.now()
    if (face.is !== 'away') tries.current = 0
    const waitMs = waitFor(face, tries.current)
    if (waitMs === null) return
    const timer = setTimeout(() => {
      tries.current += 1
      lookAgain()
    }, waitMs)
    return () => clearTimeout(timer)
  }, [face, lookAgain])

  useEffect(() => {
    const back = () => {
      if (document.visibilityState !== 'visible' || Date.now() - lookedAt.current < staleMs) return
      lookedAt.current = Date.now()
      lookAgain()
    }
    document.addEventListener('visibilitychange', back)
    addEventListener('online', lookAgain)
    return () => {
      document.removeEventListener('visibilitychange', back)
      removeEventListener('online', lookAgain)
    }
  }, [lookAgain])
}

function waitFor(face: Face, tries: number): number | null {
  if (face.is === 'away')
    return tries < maxTries ? (awayMs[Math.min(tries, awayMs.length - 1)] ?? null) : null
  if (face.is !== 'nothing' || !face.silence.until) return null
  const waitMs = Date.parse(face.silence.until) - Date.now()
  return waitMs > longestMs ? null : Math.max(waitMs, 1_000) + 1_000
}
