'use client'
import { useEffect, useReducer, useRef } from 'react'
import type { Face } from './machine.ts'
import { waitWithoutTip, waitWithTip } from './whenToLook.ts'

const staleMs = 30_000
/** Back after less than this, what the page shows of a tip was just asked. */
const justMs = 2_000

/** Looks again when it makes sense: while a tip is shown, when the api was away, when a silence ends, when the person comes back. */
export function useLooking(face: Face, look: () => void, busy: boolean) {
  const tries = useRef(0)
  const lookedAt = useRef(0)
  const seenAt = useRef(0)
  const [turned, turn] = useReducer((times: number) => times + 1, 0)
  const expiresAt = face.is === 'tip' ? face.tip.expiresAt : null

  useEffect(() => {
    lookedAt.current = seenAt.current = Date.now()
    if (face.is !== 'away') tries.current = 0
    const waitMs = waitWithoutTip(face, tries.current, Date.now())
    if (waitMs === null) return
    const timer = setTimeout(() => {
      tries.current += 1
      look()
    }, waitMs)
    return () => clearTimeout(timer)
  }, [face, look])

  // biome-ignore lint/correctness/useExhaustiveDependencies: `turned` says that the page was hidden or came back
  useEffect(() => {
    if (expiresAt === null || busy || document.visibilityState !== 'visible') return
    let timer: ReturnType<typeof setTimeout>
    const wait = () => {
      const waitMs = waitWithTip(expiresAt, {
        seenAt: seenAt.current,
        lookedAt: lookedAt.current,
        now: Date.now(),
      })
      timer = setTimeout(() => {
        lookedAt.current = Date.now()
        look()
        wait()
      }, waitMs)
    }
    wait()
    return () => clearTimeout(timer)
  }, [expiresAt, busy, turned, look])

  useEffect(() => {
    const isVisible = () => document.visibilityState === 'visible'
    const back = () => {
      if (face.is === 'tip') {
        if (isVisible() && Date.now() - lookedAt.current >= justMs) due()
        return turn()
      }
      if (!isVisible() || Date.now() - lookedAt.current < staleMs) return
      lookedAt.current = Date.now()
      look()
    }
    const due = () => {
      lookedAt.current = 0
      seenAt.current = Date.now()
    }
    const online = () => {
      if (face.is !== 'tip') return look()
      due()
      turn()
    }
    document.addEventListener('visibilitychange', back)
    addEventListener('online', online)
    return () => {
      document.removeEventListener('visibilitychange', back)
      removeEventListener('online', online)
    }
  }, [face, look])
}
