export type Typed = { address: string; user: string; password: string }

const wanted: [field: keyof Typed, sentence: string][] = [
  ['address', 'Type the address of your server first.'],
  ['user', 'Type your user name there first.'],
  ['password', 'Type an app password first.'],
]

/** The first field that is empty, and what to do. */
export function missingIn(typed: Typed): { field: keyof Typed; sentence: string } | null {
  for (const [field, sentence] of wanted) if (typed[field] === '') return { field, sentence }
  return null
}

/** Beside which field a refusal of the api belongs; null: it is about all of them, or about none. */
export function fieldOf(code: string): keyof Typed | null {
  if (code === 'address_refused') return 'address'
  return code === 'password_refused' ? 'password' : null
}
