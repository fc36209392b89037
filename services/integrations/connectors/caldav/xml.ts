// Answers of a CalDAV server as a tree of elements. No document type, so no entities of its own; depth is bounded, size
// is by the way out.
import { SaxesParser } from 'saxes'
import { ConnectorTrouble } from '../connector.ts'

export interface Element {
  /** `{namespace}name` */
  name: string
  attributes: ReadonlyMap<string, string>
  children: Element[]
  text: string
}

export const dav = (name: string) => `{DAV:}${name}`
export const caldav = (name: string) => `{urn:ietf:params:xml:ns:caldav}${name}`
export const calendarServer = (name: string) => `{http://calendarserver.org/ns/}${name}`

const deepest = 20

export function parseXml(text: string): Element {
  const top: Element = { name: '', attributes: new Map(), children: [], text: '' }
  const open = [top]
  const parser = new SaxesParser({ xmlns: true })
  parser.on('error', error => {
    throw error
  })
  parser.on('doctype', () => {
    throw new Error('a document type')
  })
  parser.on('opentag', ({ uri, local, attributes }) => {
    if (open.length > deepest) throw new Error('too deep')
    const pairs = Object.values(attributes).map(({ local: name, value }) => [name, value] as const)
    const element: Element = { name: `{${uri}}${local}`, attributes: new Map(pairs), children: [], text: '' }
    open.at(-1)?.children.push(element)
    open.push(element)
  })
  parser.on('closetag', () => void open.pop())
  const add = (words: string) => {
    const element = open.at(-1)
    if (element) element.text += words
  }
  parser.on('text', add)
  parser.on('cdata', add)
  try {
    parser.write(text).close()
  } catch {
    throw new ConnectorTrouble('garbage', 'the answer is not XML')
  }
  const [root] = top.children
  if (!root) throw new ConnectorTrouble('garbage', 'the answer is not XML')
  return root
}

export const childOf = (element: Element | undefined, name: string): Element | undefined =>
  element?.children.find(child => child.name === name)

export const childrenOf = (element: Element | undefined, name: string): Element[] =>
  element?.children.filter(child => child.name === name) ?? []

export const hrefsOf = (element: Element | undefined): string[] =>
  childrenOf(element, dav('href')).map(({ text }) => text.trim())

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

export const escapeXml = (text: string): string => text.replace(/[&<>"]/g, mark => escapes[mark] ?? '')
