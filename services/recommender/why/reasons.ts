// Which features set a tip apart from what else could have been shown. What all candidates share does not count.
import type { Why } from '@oo/shared-types'
import { type Said, said } from '@oo/shared-types/features'

const most = 3
/** Below this share of what spoke for it, a reason explains nothing. */
const leastShare = 0.05

export interface Explained {
  names: readonly string[]
  /** Of the chosen candidate. */
  values: readonly number[]
  own: readonly number[]
  typical: readonly number[]
}

/** `mayTell`: whether the person agreed to what a feature rests on; where not, it is as if it were not there. */
export function reasonsOf(
  { names, values, own, typical }: Explained,
  mayTell: (purpose: string) => boolean,
): Why['reasons'] {
  const found = names.flatMap((name, column) => {
    const added = own[column] ?? 0
    const more = added - (typical[column] ?? 0)
    const words = said.get(name)
    if (more <= 0 || !words || !mayTell(words.purpose)) return []
    const sentence = sentenceOf(words, values[column] ?? 0, added)
    return sentence ? [{ sentence, more }] : []
  })
  const whole = found.reduce((sum, { more }) => sum + more, 0)
  return found
    .sort((a, b) => b.more - a.more)
    .map(({ sentence, more }) => ({ sentence, share: more / whole }))
    .filter(({ share }) => share >= leastShare)
    .slice(0, most)
}

/** "Less" is said of a weight below zero; where a value may be below it as well, the others can be worse by that alone. */
function sentenceOf(words: Said, value: number, added: number): string {
  if (added > 0) return value < 0 ? words.whyBelow : words.why
  return words.whyBelow && value <= 0 ? '' : words.whyLess
}
