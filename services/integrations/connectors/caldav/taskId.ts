// What a task is called outside: its UID, and where the file it is kept in is not named after that, the file's name too.
// So it is found by asking for it, without a search through whole lists, and without naming the list.
export interface Place {
  uid: string
  /** In whichever list it is now. */
  file: string
}

const longest = 255
const between = '~'

/** Undefined for what cannot be named. */
export function taskId({ uid, file }: Place): string | undefined {
  const isPlain = file === fileOf(uid) && !uid.includes(between)
  const id = isPlain ? uid : `${file.replaceAll(between, '%7E')}${between}${uid}`
  return id.length > longest ? undefined : id
}

export function placeOf(id: string): Place {
  const at = id.indexOf(between)
  if (at < 0) return { uid: id, file: fileOf(id) }
  return { uid: id.slice(at + 1), file: id.slice(0, at) }
}

/** The file's address in a list; a name is never a way out of it. */
export const addressIn = (list: URL, file: string): URL => new URL(`./${file.replace(/[/\\?#]/g, '-')}`, list)

/** As most clients name it. */
const fileOf = (uid: string): string => `${encodeURIComponent(uid)}.ics`

/** The last part of an address, as it stands there. */
export const fileAt = (pathname: string): string => pathname.slice(pathname.lastIndexOf('/') + 1)
