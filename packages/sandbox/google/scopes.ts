const prefix = 'https://www.googleapis.com/auth/'

/** What an app may ask for, in the words of the consent page. */
const known: Record<string, string> = {
  calendar: 'See, edit, share, and permanently delete all the calendars you can access',
  'calendar.readonly': 'See and download any calendar you can access',
  'calendar.events': 'View and edit events on all your calendars',
  'calendar.events.readonly': 'View events on all your calendars',
  'calendar.events.freebusy': 'See the availability on calendars you have access to',
  'calendar.freebusy': 'View your availability in your calendars',
  'calendar.calendarlist': 'See, add, and remove calendars you are subscribed to',
  'calendar.calendarlist.readonly': 'See the list of calendars you are subscribed to',
}

/** Who somebody is, as a number: asked for apart from what they let an app see, and nothing that can be unticked. */
export const openid = 'openid'

const sufficient = {
  events: [
    'calendar',
    'calendar.readonly',
    'calendar.events',
    'calendar.events.readonly',
    'calendar.events.freebusy',
  ],
  freebusy: ['calendar', 'calendar.readonly', 'calendar.freebusy', 'calendar.events.freebusy'],
  list: ['calendar', 'calendar.readonly', 'calendar.calendarlist', 'calendar.calendarlist.readonly'],
  any: Object.keys(known),
}
export type Need = keyof typeof sufficient

const shortOf = (scope: string): string => (scope.startsWith(prefix) ? scope.slice(prefix.length) : '')

export const isScope = (scope: string): boolean => scope === openid || Object.hasOwn(known, shortOf(scope))
export const wordsOf = (scope: string): string => known[shortOf(scope)] ?? scope
export const allows = (scopes: string[], need: Need): boolean =>
  scopes.some(scope => sufficient[need].includes(shortOf(scope)))

/** Who may only see when somebody is busy is told nothing else of an event. */
export const seesOnlyBusy = (scopes: string[]): boolean =>
  !scopes.some(scope => sufficient.events.includes(shortOf(scope)) && !scope.endsWith('.freebusy'))
