import type { ReactNode } from 'react'

/** One line of a list: what it is, what it means, and what can be done about it. */
export function Row({ title, level = 3, aside, children }: RowProps) {
  const Title = `h${level}` as const
  return (
    <li className="row">
      <div className="row-text">
        <Title className="row-title" dir="auto">
          {title}
        </Title>
        {children}
      </div>
      {aside && <div className="row-aside">{aside}</div>}
    </li>
  )
}

type RowProps = { title: ReactNode; level?: 2 | 3; aside?: ReactNode; children?: ReactNode }

export function Section({ id, title, intro, children }: SectionProps) {
  return (
    <section className="section" aria-labelledby={id}>
      <h2 className="section-title" id={id}>
        {title}
      </h2>
      {intro && <p className="dim">{intro}</p>}
      {children}
    </section>
  )
}

type SectionProps = { id: string; title: string; intro?: ReactNode; children: ReactNode }
