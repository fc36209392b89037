'use client'
import { useEffect } from 'react'

/** When what had the focus leaves the page, the focus stays near: on the row or section it was in. */
export function KeepFocus() {
  useEffect(() => {
    let trail: HTMLElement[] = []
    const remember = ({ target }: FocusEvent) => {
      trail = []
      for (let at = target; at instanceof HTMLElement; at = at.parentElement) trail.push(at)
    }
    const watch = new MutationObserver(() => {
      if (document.activeElement !== document.body || trail[0]?.isConnected !== false) return
      const near = trail.find(element => element.isConnected && element.matches('li, section, main'))
      trail = []
      if (!near) return
      near.tabIndex = -1
      near.focus({ preventScroll: true })
    })
    addEventListener('focusin', remember)
    watch.observe(document.body, { childList: true, subtree: true })
    return () => {
      removeEventListener('focusin', remember)
      watch.disconnect()
    }
  }, [])
  return null
}
