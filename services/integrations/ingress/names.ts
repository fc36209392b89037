// A name is shown on a person's page, so it holds something to see and nothing that a page cannot hold. New ones are held
// to that by the contract; this is for those that are kept already.

/** Control and direction characters, line ends, and halves of characters, as in the contract. */
const unshowable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu
const visible = /[^\p{C}\p{Z}\p{M}\p{Default_Ignorable_Code_Point}\u2800]/u

/** What of a name can be shown; undefined when that is nothing. */
export function shownName(name: string): string | undefined {
  const left = name.replace(unshowable, '').trim()
  return visible.test(left) ? left : undefined
}
