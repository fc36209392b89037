'use client'
import type { ReactionKind, Why } from '@oo/shared-types'
import { useEffect, useRef, useState } from 'react'
import { sentenceOf, why } from './wire.ts'

type BecauseProps = { tipId: string; react: (reaction: ReactionKind) => void }

/** Why this tip, a line for each reason, and the two corrections that are one tap away from it. */
export default function Because({ tipId, react }: BecauseProps) {
  const [lines, setLines] = useState<string[]>([])
  const group = useRef<HTMLFieldSetElement>(null)
  useEffect(() => group.current?.focus(), [])
  useEffect(() => {
    let gone = false
    const say = (told: string[]) => gone || setLines(told)
    why(tipId).then(
      told => say(linesOf(told)),
      (error: unknown) => say([sentenceOf(error)]),
    )
    return () => {
      gone = true
    }
  }, [tipId])
  return (
    <fieldset ref={group} tabIndex={-1} className="face-because" aria-label="Why this tip">
      <ul aria-live="polite">
        {lines.map(line => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <ul className="face-words" aria-label="What is wrong with it">
        <li>
          <button type="button" className="face-word" onClick={() => react('wrong_time')}>
            wrong time
          </button>
        </li>
        <li>
          <button type="button" className="face-word" onClick={() => react('wrong_thing')}>
            wrong thing
          </button>
        </li>
      </ul>
    </fieldset>
  )
}

function linesOf({ reasons, sentence }: Why): string[] {
  return reasons.length > 0 ? reasons.map(reason => reason.sentence) : sentence ? [sentence] : []
}
