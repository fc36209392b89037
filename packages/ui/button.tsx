import type { ComponentProps } from 'react'

type Look = 'plain' | 'quiet' | 'grave'

/**
 * A button, or a link that looks like one when it has an `href`. Disabled, it keeps the focus, which a browser takes
 * from what is truly disabled; whoever uses it ignores its clicks meanwhile.
 */
export function Button({
  look = 'plain',
  ...rest
}: { look?: Look } & (
  | ({ href: string } & ComponentProps<'a'>)
  | ({ href?: never } & ComponentProps<'button'>)
)) {
  if (rest.href !== undefined) return <a {...rest} className="button" data-look={look} />
  const { disabled, ...plain } = rest
  return (
    <button
      type="button"
      {...plain}
      aria-disabled={disabled || undefined}
      className="button"
      data-look={look}
    />
  )
}
