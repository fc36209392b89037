'use client'
import { Button } from '@oo/ui'
import { useState } from 'react'
import { commandFor, type SignalType } from './words.ts'

type SecretProps = { id: string; secret: string; type: SignalType; done: () => void }

/** Shown once, in the page that asked for it, with a command that works as it is. */
export function Secret({ id, secret, type, done }: SecretProps) {
  const url = `${location.origin}/api/ingress/${id}`
  const command = commandFor(url, secret, type).trimEnd()
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3 py-3">
      <p>This is its secret. It is shown only now, so keep it somewhere safe.</p>
      <Copied label="Secret" text={secret} />
      <p>Try it: this command tells oO one signal, signed.</p>
      <Copied label="Command" text={command} />
      <div>
        <Button onClick={done}>I have it</Button>
      </div>
    </div>
  )
}

function Copied({ label, text }: { label: string; text: string }) {
  const [said, setSaid] = useState('')
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setSaid('Copied.'),
      () => setSaid('Your browser does not let oO copy; select the text and copy it yourself.'),
    )
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-2">
      <textarea
        readOnly
        value={text}
        rows={text.split('\n').length}
        aria-label={label}
        spellCheck={false}
        onFocus={event => event.target.select()}
        className="field-sizing-content max-h-80 w-full resize-none rounded-lg border border-line p-3 font-mono text-sm break-all"
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
