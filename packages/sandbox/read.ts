/** Small readers for what arrives from outside: they answer a typed value or undefined, never throw. */
export type Fields = Record<string, unknown>

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {})

export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

export const textsOf = (value: unknown): string[] => listOf(value).filter(entry => typeof entry === 'string')

export function wholeOf(value: unknown): number | undefined {
  const parsed = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof parsed === 'number' && Number.isSafeInteger(parsed) ? parsed : undefined
}

export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** One lower-case spelling per address; undefined when it is no address. */
export function emailOf(value: unknown): string | undefined {
  const email = textOf(value)?.trim().toLowerCase()
  return email !== undefined && email.length <= 254 && /^[^\s@<>"'&]+@[^\s@<>"'&]+\.[^\s@<>"'&]+$/.test(email)
    ? email
    : undefined
}
