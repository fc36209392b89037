'use client'
import { Button } from '@oo/ui'
import { useId, useState } from 'react'
import { focused } from '../../page/focused.ts'
import { commandFor, type SignalType } from './words.ts'

type SecretProps = { id: string; secret: string; type: SignalType; done: () => void }

/** Shown once, in the page that asked for it, with a command that works as it is. The focus comes to it, so it is heard. */
export function Secret({ id, secret, type, done }: SecretProps) {
  const url = `${location.origin}/api/ingress/${id}`
  const command = commandFor(url, secret, type).trimEnd()
  const about = useId()
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3 py-3">
      <p id={about}>This is its secret. It is shown only now, so keep it somewhere safe.</p>
      <Copied label="Secret" text={secret} arriving={focused} about={about} />
      <p>Try it: this command tells oO one signal, signed.</p>
      <Copied label="Command" text={command} />
      <div>
        <Button onClick={done}>I have it</Button>
      </div>
    </div>
  )
}

type CopiedProps = {
  label: string
  text: string
  arriving?: (field: HTMLElement | null) => void
  about?: string
}

function Copied({ label, text, arriving, about }: CopiedProps) {
  const [said, setSaid] = useState('')
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setSaid('Copied.'),
      () => setSaid('Your browser does not let oO copy; select the text and copy it yourself.'),
    )
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <textarea
        ref={arriving}
        readOnly
        value={text}
        rows={text.split('\n').length}
        aria-label={label}
        aria-describedby={about}
        spellCheck={false}
        onFocus={event => event.target.select()}
        className="field-sizing-content max-h-80 w-full resize-none rounded-lg border border-line p-3 font-mono text-sm break-all focus-visible:outline-offset-2"
      />
      <div className="flex flex-wrap items-center gap-3">
        <Button onClick={copy}>
          Copy <span className="sr-only">{label.toLowerCase()}</span>
        </Button>
        <span role="status" className="text-dim">
          {said}
        </span>
      </div>
    </div>
  )
}
