import { Mark } from '@oo/ui'
import type { ReactNode } from 'react'
import { KeepFocus } from './keepFocus.tsx'

/** Every page but the tip: one quiet column under the mark, which leads back to the tip. */
export function Shell({ title, lead, contrast, children }: ShellProps) {
  return (
    <div data-contrast={contrast} className="shell">
      <header className="pb-14">
        <a href="/" aria-label="oO, your tip" className="shell-mark">
          <Mark size={20} />
        </a>
      </header>
      <main>
        <h1 className="font-serif text-4xl leading-tight text-balance">{title}</h1>
        {lead && <p className="pt-4 text-dim">{lead}</p>}
        {children}
      </main>
      <KeepFocus />
    </div>
  )
}

type ShellProps = { title: string; lead?: ReactNode; contrast?: 'black' | 'soft'; children: ReactNode }

/** The api does not answer: an honest sentence in place of what it would have told. */
export function Away({ path, sentence }: { path: string; sentence: string }) {
  return (
    <Shell title="Not right now" lead={sentence}>
      <p className="pt-6">
        <a className="button" href={path}>
          Try again
        </a>
      </p>
    </Shell>
  )
}
