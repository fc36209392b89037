const maxCharacters = 500

/** Provider text as plain text: a link becomes its words, marks and control characters go, length is bounded. */
export function plainText(text: string): string {
  const words = text
    .slice(0, 20_000)
    .toWellFormed()
    .replace(/!?\[([^\][]{0,1000})\]\([^()\s]{0,2000}\)/g, '$1')
    .replace(/\*\*([^*]{1,1000})\*\*/g, '$1')
    .replace(/`([^`]{1,1000})`/g, '$1')
    .replace(/[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, '')
    .replace(/[\p{Cc}\p{Z}]+/gu, ' ')
    .trim()
  return [...words].slice(0, maxCharacters).join('').trim()
}
