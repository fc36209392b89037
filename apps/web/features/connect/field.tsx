import { type ComponentProps, useId } from 'react'

/** One thing to type: its name above; below, in one place so that nothing moves, what helps or what is wrong. */
export function Field({ label, hint, wrong, ...input }: FieldProps) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        {...input}
        id={id}
        required
        autoCapitalize="none"
        autoCorrect="off"
        spellCheck={false}
        aria-invalid={wrong !== null}
        aria-describedby={`${id}-wrong ${id}-hint`}
      />
      <div className="field-below">
        <p id={`${id}-hint`} className="text-dim" data-out={wrong !== null || undefined}>
          {hint}
        </p>
        <p id={`${id}-wrong`} role="alert">
          {wrong}
        </p>
      </div>
    </div>
  )
}

type FieldProps = { label: string; hint?: string; wrong: string | null } & Omit<ComponentProps<'input'>, 'id'>
