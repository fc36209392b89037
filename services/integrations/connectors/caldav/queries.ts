// What is asked of a CalDAV server (RFC 4791, 5397, 6578).
import { escapeXml } from './xml.ts'

const namespaces =
  'xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:S="http://calendarserver.org/ns/"'

const propfind = (properties: string): string =>
  `<?xml version="1.0" encoding="utf-8"?><propfind ${namespaces}><prop>${properties}</prop></propfind>`

export const askWhoIAm = propfind('<current-user-principal/><C:calendar-home-set/>')

export const askLists = propfind(
  '<resourcetype/><current-user-privilege-set/><C:supported-calendar-component-set/>' +
    '<sync-token/><S:getctag/>',
)

const calendarQuery = (properties: string, filter: string): string =>
  `<?xml version="1.0" encoding="utf-8"?><C:calendar-query ${namespaces}><prop>${properties}</prop>` +
  `<C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VTODO">${filter}</C:comp-filter></C:comp-filter>` +
  '</C:filter></C:calendar-query>'

/** Not by STATUS: servers disagree on whether a task without one fits. */
export const askOpenItems = calendarQuery(
  '<getetag/>',
  '<C:prop-filter name="COMPLETED"><C:is-not-defined/></C:prop-filter>',
)

export const askChanges = (syncToken: string): string =>
  `<?xml version="1.0" encoding="utf-8"?><sync-collection ${namespaces}>` +
  `<sync-token>${escapeXml(syncToken)}</sync-token><sync-level>1</sync-level><prop><getetag/></prop></sync-collection>`

export const askItems = (paths: readonly string[]): string =>
  `<?xml version="1.0" encoding="utf-8"?><C:calendar-multiget ${namespaces}><prop><getetag/><C:calendar-data/></prop>` +
  `${paths.map(path => `<href>${escapeXml(path)}</href>`).join('')}</C:calendar-multiget>`
