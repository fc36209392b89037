const place = 'oo.letters'

/** Single letters may be switched off, for people whose voice or tremor would press them; kept on this device. */
export function areLettersOn(): boolean {
  try {
    return localStorage.getItem(place) !== 'off'
  } catch {
    return true
  }
}

export function switchLetters(on: boolean): void {
  try {
    if (on) localStorage.removeItem(place)
    else localStorage.setItem(place, 'off')
  } catch {
    // A browser that keeps nothing forgets the choice with the page.
  }
}
