'use client'
import type { ReactionKind } from '@oo/shared-types'
import { useEffect, useRef, useState } from 'react'
import { Late } from '../page/late.tsx'
import type { Face, Happening, Open } from './machine.ts'
import { nothingDetail } from './sentences.ts'
import { fieldOf, pickedIn, snoozes } from './snooze.ts'
import { resume, sentenceOf } from './wire.ts'
import { momentIn } from './zone.ts'

const because = () => import('./because.tsx')

type BelowProps = {
  face: Face
  open: Open
  zone: string
  now: Date
  tell: (happening: Happening) => void
  react: (reaction: ReactionKind, until?: Date, when?: string) => void
  lookAgain: () => void
  more: () => void
  /** A part of the page came after all, or could not. */
  came: () => void
  missing: () => void
}

/** What lies under the text. Its place is kept while it is closed, so that opening it moves nothing. */
export function Below(props: BelowProps) {
  const { face, open } = props
  return (
    <div
      className="face-below"
      id="below"
      data-open={open !== 'closed' || undefined}
      inert={open === 'closed' && face.is === 'tip'}
    >
      {face.is === 'tip' && open === 'later' && <Later {...props} />}
      {face.is === 'tip' && open === 'pick' && <Pick {...props} />}
      {face.is === 'tip' && open === 'why' && (
        <Late load={because} came={props.came} missing={props.missing}>
          {Because => <Because tipId={face.tip.id} react={props.react} />}
        </Late>
      )}
      {face.is === 'tip' && (open === 'actions' || open === 'closed') && <Actions {...props} />}
      {face.is === 'nothing' && <Nothing {...props} face={face} />}
      {face.is === 'away' && (
        <button type="button" className="face-word" onClick={props.lookAgain}>
          try again
        </button>
      )}
    </div>
  )
}

function Actions({ face, react, tell, more }: BelowProps) {
  return (
    <>
      <ul className="face-words" aria-label="What to do with it">
        <li>
          <button type="button" className="face-word" onClick={() => react('done')}>
            done
          </button>
        </li>
        <li>
          <button type="button" className="face-word" onClick={() => tell({ type: 'opened', open: 'later' })}>
            later
          </button>
        </li>
        <li>
          <button type="button" className="face-word" onClick={() => react('dismiss')}>
            not this
          </button>
        </li>
        <li>
          <button
            type="button"
            className="face-word face-more"
            aria-label="More"
            aria-haspopup="dialog"
            onClick={more}
          >
            …
          </button>
        </li>
      </ul>
      {face.is === 'tip' && face.tip.hint === 'connect' && (
        <a className="face-word" href="/connect">
          connect an app
        </a>
      )}
    </>
  )
}

function Later({ zone, react, tell }: BelowProps) {
  const [choices] = useState(() => snoozes(new Date(), zone))
  const first = useFocus<HTMLButtonElement>()
  return (
    <ul className="face-words" aria-label="Later">
      {choices.map(({ name, until }, index) => (
        <li key={name}>
          <button
            type="button"
            className="face-word"
            ref={index === 0 ? first : undefined}
            title={momentIn(zone, until, new Date())}
            onClick={() => react('snooze', until, name)}
          >
            {name}
          </button>
        </li>
      ))}
      <li>
        <button type="button" className="face-word" onClick={() => tell({ type: 'opened', open: 'pick' })}>
          pick a time
        </button>
      </li>
    </ul>
  )
}

function Pick({ zone, react }: BelowProps) {
  const [field, setField] = useState(() => fieldOf(new Date(Date.now() + 7_200_000), zone))
  const [wrong, setWrong] = useState(false)
  const first = useFocus<HTMLInputElement>()
  return (
    <form
      className="face-pick"
      noValidate
      onSubmit={event => {
        event.preventDefault()
        const until = pickedIn(zone, field, new Date())
        if (until) react('snooze', until, `until ${momentIn(zone, until, new Date())}`)
        else setWrong(true)
      }}
    >
      <label className="sr-only" htmlFor="until">
        Until
      </label>
      <input
        id="until"
        ref={first}
        type="datetime-local"
        value={field}
        min={fieldOf(new Date(), zone)}
        aria-invalid={wrong}
        aria-describedby={wrong ? 'until-wrong' : undefined}
        onChange={event => {
          setField(event.target.value)
          setWrong(false)
        }}
      />
      <button type="submit" className="face-word">
        set
      </button>
      {wrong && (
        <p className="face-wrong" id="until-wrong" role="alert">
          Choose a time that is still ahead.
        </p>
      )}
    </form>
  )
}

function Nothing({
  face,
  open,
  zone,
  now,
  lookAgain,
  tell,
}: BelowProps & { face: Face & { is: 'nothing' } }) {
  const { reason } = face.silence
  const wake = () =>
    resume()
      .then(lookAgain)
      .catch((error: unknown) => tell({ type: 'noticed', notice: sentenceOf(error) }))
  return (
    <>
      {reason === 'nothing_connected' && (
        <a className="face-word" href="/connect">
          connect an app
        </a>
      )}
      {reason === 'consent_missing' && (
        <a className="face-word" href="/you#consents">
          see what oO asks
        </a>
      )}
      {reason === 'paused' && (
        <button type="button" className="face-word" onClick={wake}>
          resume
        </button>
      )}
      <p className="face-detail" aria-live="polite">
        {open !== 'closed' && nothingDetail(face.silence, zone, now)}
      </p>
    </>
  )
}

/** What a person just asked for gets the focus once it is there. */
function useFocus<T extends HTMLElement>() {
  const ref = useRef<T>(null)
  useEffect(() => ref.current?.focus(), [])
  return ref
}
