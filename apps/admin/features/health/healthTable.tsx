'use client'
import { ApiProblem, answerOf, createClient, unreachable } from '@oo/sdk-js'
import type { Health } from '@oo/shared-types'
import { useEffect, useState } from 'react'

export type Seen = { at: string } & ({ health: Health } | { sentence: string })

const everyMs = 5_000
const words = { ok: 'up', degraded: 'degraded', down: 'down' }
const signs = { ok: '●', degraded: '◐', down: '○' }
const api = createClient({ baseUrl: '/api', deadlineMs: 8_000 })

/** Every part and what to do about it; it looks again by itself while the page is visible. */
export function HealthTable({ first }: { first: Seen }) {
  const [seen, setSeen] = useState(first)
  useEffect(() => {
    const timer = setTimeout(
      async () => setSeen(document.visibilityState === 'visible' ? await look() : { ...seen }),
      everyMs,
    )
    return () => clearTimeout(timer)
  }, [seen])

  const time = <time dateTime={seen.at}>{seen.at.slice(11, 19)} UTC</time>
  if ('sentence' in seen) {
    return (
      <p role="alert" className="pt-2">
        {seen.sentence} <span className="text-dim">Last tried at {time}.</span>
      </p>
    )
  }
  const { status, version, parts } = seen.health
  return (
    <>
      <p className="pt-1 text-dim">
        <span className="text-ink">{status === 'ok' ? 'Everything is up.' : `oO is ${words[status]}.`}</span>{' '}
        Version {version}, seen at {time}.
      </p>
      <div className="overflow-x-auto pt-6">
        <table className="w-full text-start tabular-nums">
          <thead className="text-dim">
            <tr className="border-b border-line *:py-2 *:pe-4 *:text-start *:font-normal">
              <th scope="col">Part</th>
              <th scope="col">State</th>
              <th scope="col" className="text-end!">
                ms
              </th>
              <th scope="col">What to do</th>
            </tr>
          </thead>
          <tbody>
            {parts.map(part => (
              <tr key={part.name} className="border-b border-line align-top *:py-2 *:pe-4">
                <th scope="row" className="whitespace-nowrap text-start font-medium">
                  {part.name}
                </th>
                <td className="whitespace-nowrap">
                  <span aria-hidden="true">{signs[part.status]}</span> {words[part.status]}
                </td>
                <td className="whitespace-nowrap text-end">{part.ms.toFixed(1)}</td>
                <td className="min-w-48 text-dim">{part.message ?? '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}

async function look(): Promise<Seen> {
  const at = new Date().toISOString()
  try {
    return { at, health: await answerOf(api.GET('/admin/health')) }
  } catch (error) {
    const problem = error instanceof ApiProblem ? error : unreachable()
    if (problem.status === 401) location.assign('/sign-in?why=expired')
    if (problem.status === 403) location.assign('/sign-in?why=forbidden')
    return { at, sentence: problem.message }
  }
}
