import { termsVersion } from '@oo/shared-types/terms'
import type { ReactNode } from 'react'
import { Shell } from '../page/shell.tsx'

export function LegalDocument({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Shell
      title={title}
      lead={
        <>
          Version <time dateTime={termsVersion}>{termsVersion}</time>
        </>
      }
    >
      <div className="legal">{children}</div>
    </Shell>
  )
}
