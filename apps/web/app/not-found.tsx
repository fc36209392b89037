import { Shell } from '../features/page/shell.tsx'

export default function NotFound() {
  return (
    <Shell title="Nothing here" lead="This address leads nowhere.">
      <p className="pt-6">
        <a className="button" href="/">
          See your tip
        </a>
      </p>
    </Shell>
  )
}
