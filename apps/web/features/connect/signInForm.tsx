'use client'
import { ApiProblem, unreachable } from '@oo/sdk-js'
import type { Integration } from '@oo/shared-types'
import { Button, Mark } from '@oo/ui'
import { type FormEvent, useEffect, useId, useRef, useState } from 'react'
import { api } from '../page/useVerb.ts'
import { Field } from './field.tsx'
import { fieldOf, missingIn, type Typed } from './typed.ts'

type Wrong = { field: keyof Typed | null; sentence: string }

/** What an app needs that asks nobody on its own. It is tried there before anything is kept. */
export function SignInForm({ integration, onCancel }: SignInFormProps) {
  const { id, name, typed } = integration
  const [trying, setTrying] = useState(false)
  const [wrong, setWrong] = useState<Wrong | null>(null)
  const form = useRef<HTMLFormElement>(null)
  const title = useId()
  const said = useId()

  const refuse = (problem: Wrong) => {
    setWrong(problem)
    focusOn(form.current, problem.field)
  }
  // Whoever asked for the form types next; one that was there already leaves the page as it is.
  const wasAskedFor = useRef(onCancel !== undefined)
  useEffect(() => {
    if (wasAskedFor.current) focusOn(form.current, 'address')
  }, [])

  async function connect(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    if (trying) return
    const data = new FormData(event.currentTarget)
    const read = (field: keyof Typed) => String(data.get(field) ?? '')
    const body = { address: read('address').trim(), user: read('user').trim(), password: read('password') }
    const missing = missingIn(body)
    if (missing) return refuse(missing)
    setWrong(null)
    setTrying(true)
    try {
      await api.POST('/integrations/{id}/sign-in', { params: { path: { id } }, body })
      location.assign('/connect')
    } catch (error) {
      const problem = error instanceof ApiProblem ? error : unreachable()
      if (problem.status === 401) return location.assign('/sign-in?next=/connect&why=expired')
      setTrying(false)
      refuse({ field: fieldOf(problem.code), sentence: problem.message })
    }
  }

  const wrongIn = (field: keyof Typed) => (wrong?.field === field ? wrong.sentence : null)
  return (
    <form
      ref={form}
      method="post"
      noValidate
      aria-labelledby={title}
      className="sign-in-form"
      onSubmit={connect}
    >
      <h3 id={title} className="sr-only">
        Connect {name}
      </h3>
      <Field
        name="address"
        label="Server address"
        wrong={wrongIn('address')}
        hint="Nextcloud: the address you open it by, as in cloud.example.org. Elsewhere: what its settings call “CalDAV”."
        type="text"
        inputMode="url"
        autoComplete="url"
        maxLength={500}
        defaultValue={typed?.address}
        readOnly={trying}
      />
      <Field
        name="user"
        label="User name"
        wrong={wrongIn('user')}
        type="text"
        autoComplete="username"
        maxLength={200}
        defaultValue={typed?.user}
        readOnly={trying}
      />
      <Field
        name="password"
        label="App password"
        wrong={wrongIn('password')}
        hint="Not the one you sign in with: make one for oO alone, which you can end there at any time. Nextcloud: Settings, Security, Devices & sessions."
        type="password"
        autoComplete="current-password"
        maxLength={500}
        readOnly={trying}
      />
      <div className="flex flex-wrap gap-x-5 gap-y-2">
        <Button type="submit" look="grave" disabled={trying} aria-describedby={said}>
          Connect <span className="sr-only">{name}</span>
        </Button>
        {onCancel && (
          <Button look="quiet" disabled={trying} onClick={() => trying || onCancel()}>
            Cancel
          </Button>
        )}
      </div>
      <p id={said} role="status" className="sign-in-said">
        {trying && (
          <span className="sign-in-trying">
            <Mark size={18} breathing />
            oO is trying it there.
          </span>
        )}
        {wrong?.field === null && wrong.sentence}
      </p>
    </form>
  )
}

type SignInFormProps = { integration: Integration; onCancel?: (() => void) | undefined }

function focusOn(form: HTMLFormElement | null, name: keyof Typed | null): void {
  const field = name && form?.elements.namedItem(name)
  if (field instanceof HTMLInputElement) field.focus()
}
