'use client'
import { createClient } from '@oo/sdk-js'
import { useEffect, useState } from 'react'
import { NotAdmin } from './notAdmin.tsx'
import { follow, type Look, lookAt, read, type State } from './reading.ts'

const everyMs = 5_000
/** As wide as a digit: numbers end at one line without moving when they grow. */
const figureSpace = '\u2007'
const words = { ok: 'up', degraded: 'degraded', down: 'down', away: 'away' }
const signs = { ok: '●', degraded: '◐', down: '○', away: '○' }
const api = createClient({ baseUrl: '/api', deadlineMs: 8_000 })

/** Every part, and what to do; it looks again by itself while the page is in sight. What may grow stands last. */
export function Instrument({ first }: { first: Look }) {
  const [seen, setSeen] = useState(() => follow(null, first))
  useEffect(() => {
    let asked = false
    const again = async () => {
      if (asked || document.visibilityState !== 'visible') return
      asked = true
      const found = await lookAt(api)
      if ('refused' in found && found.refused === 401) location.assign('/sign-in?why=expired')
      else setSeen(follow(seen, found))
    }
    const timer = setTimeout(again, everyMs)
    document.addEventListener('visibilitychange', again)
    return () => {
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', again)
    }
  }, [seen])

  const { look, answered } = seen
  if ('refused' in look) return <NotAdmin />
  const { state, sentence, todo } = read(look)
  const old = answered !== null && answered !== look
  return (
    <>
      <div className="flex items-baseline gap-4">
        <h1 className="text-lg">Health</h1>
        <Told state={state} />
      </div>
      <p role="status" className="min-h-[2lh] sm:min-h-lh">
        {sentence} {!answered && todo[0]?.sentence}
      </p>
      <p className="pb-6 text-dim tabular-nums">
        Looked at <Time at={look.at} />, every 5 s.{' '}
        <noscript>
          <a href="/health" className="text-ink underline">
            Look again
          </a>
        </noscript>
      </p>
      {answered && (
        <div className="grid items-start gap-x-12 gap-y-8 lg:grid-cols-2">
          <table className="w-full table-fixed tabular-nums" data-old={old || undefined}>
            <caption className="pb-2 text-start text-dim">
              Last answer <Time at={answered.at} />, version {answered.health.version}
            </caption>
            <thead className="text-dim">
              <tr className="border-y border-line *:py-1.5 *:text-start *:font-normal">
                <th scope="col">Part</th>
                <th scope="col" className="w-28">
                  State
                </th>
                <th scope="col" className="w-16 text-end!">
                  ms
                </th>
              </tr>
            </thead>
            <tbody>
              {answered.health.parts.map(part => (
                <tr key={part.name} className="border-b border-line *:py-1.5">
                  <th scope="row" className="text-start font-medium">
                    {part.name}
                  </th>
                  <td>
                    <Told state={part.status} />
                  </td>
                  <td className="text-end">{part.ms.toFixed(1).padStart(6, figureSpace)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <section aria-labelledby="todo">
            <h2 id="todo" className="pb-2 text-dim">
              What to do
            </h2>
            <dl className="border-t border-line">
              {todo.map(({ name, sentence }) => (
                <div key={name} className="border-b border-line py-1.5">
                  <dt className="font-medium">{name}</dt>
                  <dd>{sentence}</dd>
                </div>
              ))}
            </dl>
            {todo.length === 0 && <p className="py-1.5 text-dim">Nothing.</p>}
          </section>
        </div>
      )}
    </>
  )
}

/** A state by its word and its mark; colour only repeats them. */
function Told({ state }: { state: State }) {
  return (
    <span className="whitespace-nowrap" data-state={state}>
      <span aria-hidden="true" className="inline-block w-5">
        {signs[state]}
      </span>
      {words[state]}
    </span>
  )
}

function Time({ at }: { at: string }) {
  return <time dateTime={at}>{at.slice(11, 19)} UTC</time>
}
