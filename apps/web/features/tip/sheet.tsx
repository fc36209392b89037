'use client'
import { Dialog } from '@base-ui/react/dialog'
import type { ReactionKind, Tip } from '@oo/shared-types'
import { useState } from 'react'
import { keyHelp } from './keys.ts'
import { areLettersOn, switchLetters } from './letters.ts'

const choices: [ReactionKind, name: string, means: string][] = [
  ['helpful', 'Helpful', 'More like this.'],
  ['not_helpful', 'Not helpful', 'Less like this.'],
  ['wrong_time', 'Wrong time', 'A good one, at another moment.'],
  ['wrong_thing', 'Wrong thing', 'A good moment, for something else.'],
  ['already_done', 'Already done', 'It leaves; nothing changes where it came from.'],
  ['never', 'Never this', 'It does not come back, nor do its like.'],
]

export type Shows = 'reactions' | 'keys'

type SheetProps = {
  shows: Shows
  tip: Tip | null
  onClose: () => void
  show: (shows: Shows) => void
  react: (reaction: ReactionKind) => void
  why: () => void
}

/** Everything that is asked for rarely; it is loaded when it is first opened. */
export default function Sheet({ shows, tip, ...does }: SheetProps) {
  return (
    <Dialog.Root open onOpenChange={open => !open && does.onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="sheet-backdrop" />
        <Dialog.Popup className="sheet">
          {shows === 'keys' ? <Keys /> : tip && <Choices tip={tip} {...does} />}
          <Dialog.Close className="sheet-close">Close</Dialog.Close>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function Choices({ tip, onClose, show, react, why }: Omit<SheetProps, 'shows'> & { tip: Tip }) {
  return (
    <>
      <Dialog.Title className="sheet-title" dir="auto">
        {tip.text}
      </Dialog.Title>
      <ul>
        <li>
          <button
            type="button"
            className="sheet-choice"
            onClick={() => {
              onClose()
              why()
            }}
          >
            Why this <span className="dim">What spoke for it.</span>
          </button>
        </li>
        {choices.map(([reaction, name, means]) => (
          <li key={reaction}>
            <button
              type="button"
              className="sheet-choice"
              onClick={() => {
                onClose()
                react(reaction)
              }}
            >
              {name} <span className="dim">{means}</span>
            </button>
          </li>
        ))}
        {tip.source.url?.startsWith('https://') && (
          <li>
            <a className="sheet-choice" href={tip.source.url} target="_blank" rel="noreferrer">
              Open it <span className="dim">Where it came from, in a new tab.</span>
            </a>
          </li>
        )}
        <li>
          <button type="button" className="sheet-choice" onClick={() => show('keys')}>
            Keys <span className="dim">What each letter does.</span>
          </button>
        </li>
      </ul>
    </>
  )
}

function Keys() {
  const [letters, setLetters] = useState(areLettersOn)
  return (
    <>
      <Dialog.Title className="sheet-title">Keys</Dialog.Title>
      <dl className="sheet-keys">
        {keyHelp.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <label className="sheet-letters">
        <input
          type="checkbox"
          checked={letters}
          onChange={event => {
            switchLetters(event.target.checked)
            setLetters(event.target.checked)
          }}
        />
        Letters act on this device
      </label>
    </>
  )
}
