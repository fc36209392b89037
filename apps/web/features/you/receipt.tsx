'use client'
import { answerOf } from '@oo/sdk-js'
import type { Receipt as ReceiptData } from '@oo/shared-types'
import { useEffect, useState } from 'react'
import { api } from '../page/useVerb.ts'

const everyMs = 1_000
const maxTries = 600

/** How far a deletion has come; it looks again by itself until every step is done. */
export function Receipt({ first }: { first: ReceiptData }) {
  const [receipt, setReceipt] = useState(first)
  const [tries, setTries] = useState(0)
  const { id, state, steps } = receipt
  /** Steps join the end as they are done, so that nothing above them moves. */
  const done = steps.filter(step => step.state === 'done')
  useEffect(() => {
    if (state === 'done' || tries >= maxTries) return
    const timer = setTimeout(async () => {
      const next = await answerOf(api.GET('/receipts/{id}', { params: { path: { id } } })).catch(() => null)
      if (next) setReceipt(next)
      setTries(tries + 1)
    }, everyMs)
    return () => clearTimeout(timer)
  }, [id, state, tries])

  return (
    <>
      <p role="status" className="min-h-[6.5rem] pt-6">
        {state === 'done'
          ? 'Everything is deleted. Keep this page’s address if you want the receipt; it holds no personal data.'
          : 'Deleting. You may close this page; it goes on without you.'}
      </p>
      <p className="text-sm text-dim break-all">Receipt {id}</p>
      <ul className="pt-8" aria-label="Steps">
        {done.map(({ name, rows, note }) => (
          <li key={name} className="flex flex-wrap justify-between gap-x-6 border-t border-line py-3">
            <span>
              {name}
              {note && <span className="block text-dim">{note}</span>}
            </span>
            <span className="text-dim tabular-nums">{`done · ${rows} ${rows === 1 ? 'row' : 'rows'}`}</span>
          </li>
        ))}
      </ul>
    </>
  )
}
