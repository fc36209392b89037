'use client'
import { useEffect } from 'react'

/** What the address asked to be told; it leaves the address then, so that a reload or a bookmark does not tell it again. */
export function ToldOnce({ sentence }: { sentence: string | undefined }) {
  useEffect(() => {
    const address = new URL(location.href)
    for (const name of ['problem', 'source']) address.searchParams.delete(name)
    if (address.href !== location.href) history.replaceState(history.state, '', address)
  }, [])
  return (
    sentence && (
      <p role="status" className="pt-6">
        {sentence}
      </p>
    )
  )
}
