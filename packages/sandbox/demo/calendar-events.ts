/**
 * An entry of a calendar as the demo tells it. `day` counts from today, `workday` counts working days from today (0 is
 * today, or the next one), `from` is how long ago a series began.
 */
export type DemoEvent = {
  text: string
  calendar?: 'family' | 'holidays'
  at?: string
  minutes?: number
  days?: number
  zone?: string
  with?: string[]
  answer?: 'declined' | 'tentative' | 'accepted' | 'needsAction'
  free?: true
  kind?: 'outOfOffice' | 'focusTime' | 'workingLocation'
  note?: string
  place?: string
} & (
  | { day: number }
  | { workday: number }
  | { every: string; from: number; moved?: { nth: number; to: string }; cancelled?: number }
)

const weekdays = 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR'
const at = (name: string) => `${name}@example.test`

export const fullCalendar: DemoEvent[] = [
  {
    text: 'Stand-up',
    every: weekdays,
    from: 120,
    at: '09:15',
    minutes: 15,
    with: [at('mira'), at('tomas')],
    answer: 'accepted',
    moved: { nth: 3, to: '11:00' },
    cancelled: 5,
  },
  {
    text: 'Planning',
    every: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO',
    from: 112,
    at: '10:00',
    minutes: 60,
    with: [at('mira'), at('tomas'), at('lea')],
    answer: 'accepted',
  },
  {
    text: 'One to one with Mira',
    every: 'FREQ=WEEKLY;BYDAY=TU',
    from: 98,
    at: '14:00',
    minutes: 30,
    with: [at('mira')],
    answer: 'accepted',
  },
  {
    text: 'Time to think',
    every: 'FREQ=WEEKLY;BYDAY=WE,FR',
    from: 60,
    at: '09:30',
    minutes: 120,
    kind: 'focusTime',
  },
  { text: 'Home office', every: 'FREQ=WEEKLY;BYDAY=FR', from: 90, kind: 'workingLocation', free: true },
  {
    text: 'Book club',
    every: 'FREQ=MONTHLY;BYDAY=1TH',
    from: 150,
    at: '19:30',
    minutes: 120,
    place: 'The corner café',
  },
  {
    text: 'Yoga, if there is time',
    every: 'FREQ=WEEKLY;BYDAY=MO,TH',
    from: 70,
    at: '18:00',
    minutes: 60,
    free: true,
  },
  {
    text: 'All hands',
    every: 'FREQ=MONTHLY;BYDAY=-1WE',
    from: 200,
    at: '16:00',
    minutes: 60,
    with: [at('everybody')],
    answer: 'declined',
  },
  {
    text: 'Design review',
    workday: 0,
    at: '15:30',
    minutes: 60,
    with: [at('lea'), at('tomas')],
    answer: 'accepted',
    note: 'Slides are in the folder.',
  },
  { text: 'Lunch with Jonas', workday: 1, at: '12:30', minutes: 60, place: 'The noodle place' },
  {
    text: 'Interview for the hiring plan',
    workday: 1,
    at: '16:00',
    minutes: 45,
    with: [at('lea')],
    answer: 'tentative',
  },
  { text: 'Dentist', workday: 3, at: '08:00', minutes: 40, place: 'Old market 4' },
  {
    text: 'Customer visit',
    workday: 4,
    at: '13:00',
    minutes: 180,
    with: [at('visitor')],
    answer: 'needsAction',
  },
  { text: 'Train to Lisbon', day: 12, at: '07:40', minutes: 410, zone: 'Europe/Madrid' },
  { text: 'Away', day: 12, days: 4, kind: 'outOfOffice' },
  { text: 'Workshop', workday: -3, at: '10:00', minutes: 240, with: [at('mira')], answer: 'accepted' },
  { text: 'Quarter review', workday: -8, at: '14:00', minutes: 90, with: [at('lea')], answer: 'accepted' },
  {
    text: 'Swimming with Noa',
    calendar: 'family',
    every: 'FREQ=WEEKLY;BYDAY=SA',
    from: 80,
    at: '10:00',
    minutes: 60,
  },
  {
    text: 'Dinner at Grandma’s',
    calendar: 'family',
    every: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=SU',
    from: 77,
    at: '18:00',
    minutes: 150,
  },
  { text: 'School play', calendar: 'family', day: 9, at: '17:00', minutes: 90 },
  { text: 'Public holiday', calendar: 'holidays', workday: 6, days: 1, free: true },
  { text: 'Public holiday', calendar: 'holidays', workday: -20, days: 1, free: true },
]

export const starterCalendar: DemoEvent[] = [
  { text: 'Weekly catch-up', every: 'FREQ=WEEKLY;BYDAY=WE', from: 28, at: '10:00', minutes: 30 },
  { text: 'Lunch with a friend', workday: 1, at: '12:30', minutes: 60 },
  { text: 'A day off', workday: 7, days: 1 },
]
