'use client'
import { type ReactNode, useEffect, useRef, useState } from 'react'

type LateProps<Part> = {
  /** One and the same function, so that it is called once a showing. */
  load: () => Promise<{ default: Part }>
  came: () => void
  missing: () => void
  children: (part: Part) => ReactNode
}

/** A part that comes when it is asked for. Where it cannot, the rest of the page stays, and the next time asks again. */
export function Late<Part>({ load, came, missing, children }: LateProps<Part>) {
  const [loaded, setLoaded] = useState<{ part: Part } | null>(null)
  const heard = useRef({ came, missing })
  heard.current = { came, missing }
  useEffect(() => {
    let gone = false
    load().then(
      ({ default: part }) => {
        if (gone) return
        setLoaded({ part })
        heard.current.came()
      },
      () => gone || heard.current.missing(),
    )
    return () => {
      gone = true
    }
  }, [load])
  return loaded && children(loaded.part)
}
