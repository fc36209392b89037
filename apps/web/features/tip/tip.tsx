'use client'
import { Mark } from '@oo/ui'
import { type MouseEvent, useEffect, useRef, useState } from 'react'
import { Late } from '../page/late.tsx'
import { Below } from './below.tsx'
import { type Focused, keyOf } from './keys.ts'
import { areLettersOn } from './letters.ts'
import { type Face, undoName } from './machine.ts'
import { nothingSentence } from './sentences.ts'
import type { Shows } from './sheet.tsx'
import { useLooking } from './useLooking.ts'
import { useLongPress } from './usePress.ts'
import { useShown } from './useShown.ts'
import { useTip } from './useTip.ts'
import { useZone } from './useZone.ts'
import { sentenceOf } from './wire.ts'

const sheetPart = () => import('./sheet.tsx')

/** The watch face: one tip or honestly nothing; everything else waits until it is asked for. */
export function TipFace({ first, zone: knownZone, now: renderedAt }: TipFaceProps) {
  const [sheet, setSheet] = useState<Shows | null>(null)
  const { state, busy, tell, react, undo, lookAgain, lookUnasked } = useTip(first, sheet !== null)
  const { face, motion, open } = state
  const zone = useZone(knownZone, lookUnasked)
  const heading = useRef<HTMLButtonElement>(null)
  const tip = face.is === 'tip' ? face.tip : null
  const now = new Date(renderedAt)

  useLooking(face, lookUnasked, busy)
  useShown(tip && motion === 'still' ? tip.id : null)
  const press = useLongPress(() => tip && setSheet('reactions'))

  const toggle = () => tell({ type: 'opened', open: open === 'closed' ? 'actions' : 'closed' })

  const act = useRef<(event: KeyboardEvent) => void>(() => undefined)
  act.current = event => {
    const key = keyOf(event, focusedIn(event.target))
    if (!key || sheet || (key !== 'close' && key !== 'toggle' && !areLettersOn())) return
    if (key === 'close') return open !== 'closed' && close()
    event.preventDefault()
    if (key === 'toggle') {
      heading.current?.focus()
      return toggle()
    }
    if (key === 'undo') undo()
    else if (key === 'help') setSheet('keys')
    else if (key === 'why') tip && (open === 'why' ? close() : tell({ type: 'opened', open: 'why' }))
    else if (key === 'later') tip && tell({ type: 'opened', open: 'later' })
    else react(key.reaction)
  }
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => act.current(event)
    addEventListener('keydown', onKey)
    document.documentElement.dataset.live = ''
    return () => removeEventListener('keydown', onKey)
  }, [])

  const close = () => {
    tell({ type: 'opened', open: 'closed' })
    heading.current?.focus()
  }

  const lost = sentenceOf(null)
  const came = () => {
    if (state.notice === lost) tell({ type: 'noticed', notice: null })
  }
  const missing = () => {
    setSheet(null)
    close()
    tell({ type: 'noticed', notice: lost })
  }

  /** Focus that was on an action now gone returns to the heading, where the next tip will be read. */
  useEffect(() => {
    if (motion === 'still' && document.activeElement === document.body && state.said !== '')
      heading.current?.focus()
  }, [motion, state.said])

  const text =
    face.is === 'tip'
      ? face.tip.text
      : face.is === 'away'
        ? face.sentence
        : nothingSentence({ ...face.silence, away: face.away }, zone, now)

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Enter and Space do the same, and so does the button in the heading
    <main
      className="face"
      data-is={tip ? tip.kind : 'nothing'}
      data-first={face === first || undefined}
      data-motion={motion}
      onClick={event => isFaceItself(event) && toggle()}
    >
      <p className="face-above" dir="auto">
        {tip?.context}
      </p>
      <h1 className="face-heading">
        <button
          ref={heading}
          type="button"
          className="face-text"
          dir="auto"
          aria-expanded={open !== 'closed'}
          aria-controls="below"
          onClick={() => press.wasLong() || toggle()}
          onContextMenu={event => event.preventDefault()}
          {...press.handlers}
        >
          {text}
        </button>
      </h1>
      <Below
        face={face}
        open={motion === 'still' ? open : 'closed'}
        zone={zone}
        now={now}
        tell={tell}
        react={react}
        lookAgain={lookAgain}
        more={() => setSheet('reactions')}
        came={came}
        missing={missing}
      />
      <div className="face-foot">
        {state.undo ? (
          <button type="button" className="face-undo" onClick={undo}>
            {undoName(state.undo)}
            <span className="sr-only">: {state.undo.tip.text}</span>
          </button>
        ) : (
          state.notice && <p className="face-notice">{state.notice}</p>
        )}
      </div>
      <a className="face-mark" href="/you" aria-label="You and your settings">
        <Mark breathing={motion !== 'still'} />
      </a>
      <p className="sr-only" role="status">
        {state.said ?? text}
      </p>
      {sheet && (
        <Late load={sheetPart} came={came} missing={missing}>
          {Sheet => (
            <Sheet
              shows={sheet}
              tip={tip}
              onClose={() => setSheet(null)}
              show={setSheet}
              react={react}
              why={() => tell({ type: 'opened', open: 'why' })}
            />
          )}
        </Late>
      )}
    </main>
  )
}

/** `zone` null: the person has none yet, so this device's is kept; undefined: it is not known right now. */
type TipFaceProps = { first: Face; zone: string | null | undefined; now: string }

function focusedIn(target: EventTarget | null): Focused {
  if (!(target instanceof HTMLElement) || target === document.body) return 'nothing'
  return target.matches('input, textarea, select, [contenteditable]') ? 'field' : 'something'
}

/** A tap anywhere but on what acts by itself, or beside it by mistake; the sheet is no part of the face. */
function isFaceItself({ target, currentTarget }: MouseEvent): boolean {
  return target instanceof Element && currentTarget.contains(target) && !target.closest('button, a, ul, form')
}
