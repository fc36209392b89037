import type { ComponentProps } from 'react'

type Look = 'plain' | 'quiet' | 'grave'

/** A button, or a link that looks like one when it has an `href`. */
export function Button({
  look = 'plain',
  ...rest
}: { look?: Look } & (
  | ({ href: string } & ComponentProps<'a'>)
  | ({ href?: never } & ComponentProps<'button'>)
)) {
  if (rest.href !== undefined) return <a {...rest} className="button" data-look={look} />
  return <button type="button" {...rest} className="button" data-look={look} />
}
