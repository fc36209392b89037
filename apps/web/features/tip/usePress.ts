'use client'
import { type PointerEvent, useRef } from 'react'

const longMs = 500
const driftPx = 10

/** A long press; the click that ends it is swallowed. */
export function useLongPress(onLong: () => void) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const from = useRef({ x: 0, y: 0 })
  const swallow = useRef(false)
  const cancel = () => clearTimeout(timer.current)
  return {
    handlers: {
      onPointerDown(event: PointerEvent) {
        swallow.current = false
        if (event.button !== 0 || !event.isPrimary) return
        from.current = { x: event.clientX, y: event.clientY }
        cancel()
        timer.current = setTimeout(() => {
          swallow.current = true
          onLong()
        }, longMs)
      },
      onPointerMove(event: PointerEvent) {
        const { x, y } = from.current
        if (Math.hypot(event.clientX - x, event.clientY - y) > driftPx) cancel()
      },
      onPointerUp: cancel,
      onPointerCancel: cancel,
      onPointerLeave: cancel,
    },
    /** True once after a long press, for the click that follows it. */
    wasLong(): boolean {
      const long = swallow.current
      swallow.current = false
      return long
    },
  }
}
