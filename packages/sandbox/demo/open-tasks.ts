/** A task as the demo tells it: `due` in days from today, priority as the app shows it (1 is the most urgent). */
export type OpenTask = {
  text: string
  project: string
  priority?: 1 | 2 | 3
  due?: number
  at?: string
  every?: string
  ageDays: number
  under?: string
  minutes?: number
  label?: string
  note?: string
}

export const projects = [
  { name: 'Inbox', color: 'grey' },
  { name: 'Home', color: 'olive_green' },
  { name: 'Work', color: 'blue' },
  { name: 'Family', color: 'salmon' },
  { name: 'Health', color: 'teal' },
  { name: 'Someday', color: 'lavender' },
]

export const fullLife: OpenTask[] = [
  {
    text: 'Call the dentist for an appointment',
    project: 'Health',
    priority: 2,
    due: -3,
    ageDays: 16,
    minutes: 5,
  },
  { text: 'Send the signed lease back', project: 'Home', priority: 1, due: -1, ageDays: 8, minutes: 10 },
  { text: 'Return the library books', project: 'Inbox', due: -2, ageDays: 24, label: 'errand' },
  {
    text: 'Reply to Mira about the workshop dates',
    project: 'Work',
    priority: 2,
    due: 0,
    ageDays: 3,
    minutes: 10,
  },
  {
    text: 'Finish the slides for the design review',
    project: 'Work',
    priority: 1,
    due: 0,
    at: '15:00',
    ageDays: 6,
    minutes: 60,
  },
  {
    text: 'Pick up the parcel at the corner shop',
    project: 'Inbox',
    due: 0,
    at: '18:30',
    ageDays: 2,
    label: 'errand',
  },
  { text: 'Walk for twenty minutes', project: 'Health', every: 'every day', ageDays: 80, minutes: 20 },
  { text: 'Water the plants', project: 'Home', every: 'every 3 days', ageDays: 88, minutes: 10 },
  {
    text: 'Plan tomorrow on one line',
    project: 'Work',
    every: 'every weekday at 17:30',
    ageDays: 70,
    minutes: 5,
  },
  { text: 'Call Grandma', project: 'Family', every: 'every sunday', ageDays: 85, minutes: 20, label: 'call' },
  { text: 'Take out the recycling', project: 'Home', every: 'every thursday', ageDays: 86, minutes: 5 },
  { text: 'Pay the rent', project: 'Home', priority: 1, every: 'every month', ageDays: 89, minutes: 5 },
  { text: 'Book the train to Lisbon', project: 'Family', priority: 2, due: 2, ageDays: 11, minutes: 20 },
  {
    text: 'Compare two seats by the window',
    project: 'Family',
    ageDays: 11,
    under: 'Book the train to Lisbon',
    minutes: 10,
  },
  {
    text: 'Buy a birthday present for Jonas',
    project: 'Family',
    priority: 2,
    due: 4,
    ageDays: 9,
    label: 'errand',
  },
  {
    text: 'Read the draft of the hiring plan',
    project: 'Work',
    priority: 3,
    due: 1,
    ageDays: 4,
    minutes: 30,
  },
  { text: 'Write the notes from the customer visit', project: 'Work', due: 3, ageDays: 2, minutes: 30 },
  {
    text: 'Renew the passport',
    project: 'Home',
    priority: 3,
    due: 20,
    ageDays: 40,
    note: 'Two photos are in the drawer.',
  },
  { text: 'Fix the dripping tap in the kitchen', project: 'Home', ageDays: 33, minutes: 30 },
  { text: 'Find a swimming course for Noa', project: 'Family', priority: 3, ageDays: 19, minutes: 15 },
  { text: 'Sort the photos of the summer', project: 'Someday', ageDays: 61 },
  { text: 'Learn three songs on the ukulele', project: 'Someday', ageDays: 75 },
  { text: 'Ask Tomas for the soup recipe', project: 'Inbox', ageDays: 5, minutes: 5, label: 'call' },
]

export const starterLife: OpenTask[] = [
  { text: 'Drink a glass of water', project: 'Inbox', due: 0, ageDays: 1, minutes: 5 },
  {
    text: 'Write down one thing that went well today',
    project: 'Inbox',
    every: 'every day',
    ageDays: 2,
    minutes: 5,
  },
  {
    text: 'Answer the message that waits the longest',
    project: 'Inbox',
    priority: 2,
    due: 0,
    ageDays: 3,
    minutes: 10,
  },
  { text: 'Clear the desk', project: 'Inbox', due: 1, ageDays: 4, minutes: 15 },
  {
    text: 'Plan something nice for the weekend',
    project: 'Inbox',
    priority: 3,
    due: 3,
    ageDays: 2,
    minutes: 15,
  },
  { text: 'Pick the next book to read', project: 'Inbox', ageDays: 6 },
]
