/** What somebody did on ordinary days; `{}` is filled from `with`, so that a quarter of a year does not repeat itself. */
export type PastTask = {
  text: string
  with?: readonly string[]
  project: string
  hours: readonly [number, number]
}

const people = ['Mira', 'Jonas', 'Tomas', 'Aisha', 'Lena', 'Paul', 'Ines', 'Sam']

export const workdays: PastTask[] = [
  { text: 'Reply to {}', with: people, project: 'Work', hours: [9, 11] },
  { text: 'Review the draft from {}', with: people, project: 'Work', hours: [10, 12] },
  { text: 'Prepare the talk with {}', with: people, project: 'Work', hours: [9, 16] },
  {
    text: 'Send {} to the team',
    with: ['the summary', 'the agenda', 'the figures', 'the photos'],
    project: 'Work',
    hours: [14, 17],
  },
  {
    text: 'Update {}',
    with: ['the budget sheet', 'the road map', 'the contact list', 'the onboarding page'],
    project: 'Work',
    hours: [11, 17],
  },
  {
    text: 'File {}',
    with: ['the travel receipts', 'the invoices', 'the contracts'],
    project: 'Work',
    hours: [15, 17],
  },
  {
    text: 'Read {}',
    with: ['the customer letters', 'the release notes', 'the research summary'],
    project: 'Work',
    hours: [13, 16],
  },
]

export const evenings: PastTask[] = [
  {
    text: 'Buy {}',
    with: ['oat milk', 'bread', 'light bulbs', 'coffee', 'stamps', 'fruit', 'soap'],
    project: 'Home',
    hours: [17, 19],
  },
  {
    text: 'Clean {}',
    with: ['the fridge', 'the bathroom', 'the windows', 'the bicycle'],
    project: 'Home',
    hours: [18, 20],
  },
  {
    text: 'Cook {}',
    with: ['lentil soup', 'pasta for four', 'a pot of curry'],
    project: 'Home',
    hours: [18, 20],
  },
  { text: 'Call {}', with: people, project: 'Family', hours: [18, 21] },
  { text: 'Stretch for ten minutes', project: 'Health', hours: [7, 8] },
  {
    text: 'Run {}',
    with: ['around the park', 'along the river', 'three slow kilometres'],
    project: 'Health',
    hours: [7, 9],
  },
]

export const weekends: PastTask[] = [
  { text: 'Bake {}', with: ['bread', 'a plum cake', 'rolls for breakfast'], project: 'Home', hours: [9, 12] },
  {
    text: 'Repair {}',
    with: ['the shelf', 'the door handle', 'the garden chair'],
    project: 'Home',
    hours: [10, 15],
  },
  {
    text: 'Visit {}',
    with: ['the market', 'the museum', 'Grandma', 'the lake'],
    project: 'Family',
    hours: [10, 16],
  },
  {
    text: 'Wash {}',
    with: ['the bed linen', 'the curtains', 'the winter coats'],
    project: 'Home',
    hours: [9, 13],
  },
  { text: 'Sort {}', with: ['the mail', 'the wardrobe', 'the tool box'], project: 'Home', hours: [11, 17] },
]
