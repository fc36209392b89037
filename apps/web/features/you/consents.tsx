'use client'
import { answerOf } from '@oo/sdk-js'
import type { Consents as ConsentList } from '@oo/shared-types'
import { Button, Row } from '@oo/ui'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { Said } from '../page/said.tsx'
import { api, useVerb } from '../page/useVerb.ts'

type Consent = ConsentList['consents'][number] | ConsentList['senses'][number]

export function Consents({ answers }: { answers: ConsentList }) {
  const [{ consents, senses }, setAnswers] = useState(answers)
  const { busy, sentence, run } = useVerb()
  const router = useRouter()
  const answer = ({ purpose, version }: Consent, granted: boolean) =>
    run(async () => {
      setAnswers(await answerOf(api.PUT('/profile/consents', { body: { purpose, version, granted } })))
      // A yes to some of them makes room on this page for what it allows.
      router.refresh()
    })
  return (
    <>
      <ul>
        {[...consents, ...senses].map(consent => (
          <ConsentRow key={consent.purpose} consent={consent} busy={busy} answer={answer} />
        ))}
      </ul>
      <Said>{sentence}</Said>
    </>
  )
}

/** What these ask for is not there yet; the answer is kept until it is. */
const laterParts: ReadonlySet<Consent['purpose']> = new Set(['llm', 'push'])

type ConsentRowProps = {
  consent: Consent
  busy: boolean
  answer: (consent: Consent, granted: boolean) => void
}

function ConsentRow({ consent, busy, answer }: ConsentRowProps) {
  const { purpose, title, text, granted, required } = consent
  const mayAnswer = !granted || !required
  return (
    <Row
      title={title}
      aside={
        mayAnswer && (
          <Button disabled={busy} onClick={() => answer(consent, !granted)}>
            {granted ? 'Withdraw' : 'Agree'} <span className="sr-only">: {title}</span>
          </Button>
        )
      }
    >
      <p className="text-dim">{text}</p>
      {laterParts.has(purpose) && (
        <p className="text-dim">oO cannot do this yet. Your answer counts from the day it can.</p>
      )}
      <p>
        {granted ? 'agreed' : 'not agreed'}
        {granted && required && <span className="text-dim"> · oO cannot work without it</span>}
      </p>
    </Row>
  )
}
