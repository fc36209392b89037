import type { ReactNode } from 'react'
import { Shell } from '../page/shell.tsx'

/** The day these texts became what they are; it is the version people agree to. */
const version = '2026-11-21'

export function LegalDocument({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Shell
      title={title}
      lead={
        <>
          Version <time dateTime={version}>{version}</time>
        </>
      }
    >
      <div className="legal">{children}</div>
    </Shell>
  )
}
