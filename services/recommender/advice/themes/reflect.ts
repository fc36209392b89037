// Looking back, and looking closely.
import type { Written } from '../card.ts'

export const reflect: readonly Written[] = [
  {
    id: 'reflect-three-good',
    text: 'Write down three things that went well today, and what brought each about.',
    effortMin: 5,
    when: { hours: [18, 1] },
    evidence: ['seligman2005'],
    safety: 'A technique that was studied; the card promises no effect on mood.',
  },
  {
    id: 'reflect-might-not-have-been',
    text: 'Think of a good thing you have, and of all the ways it might not have come about.',
    effortMin: 3,
    evidence: ['koo2008'],
  },
  {
    id: 'reflect-five-of-the-week',
    text: 'List up to five things of this week you’re thankful for. Small ones count.',
    effortMin: 5,
    when: { weekdays: [5, 6, 7], hours: [10, 23] },
    evidence: ['emmons2003'],
  },
  {
    id: 'reflect-today-i-learned',
    text: 'Finish the sentence: today I found out that …',
    effortMin: 2,
    when: { hours: [17, 1] },
  },
  {
    id: 'reflect-best-hour',
    text: 'Which hour of today would you keep? Note what was in it.',
    effortMin: 2,
    when: { hours: [18, 1] },
  },
  {
    id: 'reflect-gave-energy',
    text: 'Which task lately left you livelier than before? Give it a place in the coming days.',
    effortMin: 3,
    when: { hours: [7, 21] },
  },
  {
    id: 'reflect-know-now',
    text: 'Name one thing you know now that you didn’t a year ago.',
    effortMin: 2,
  },
  {
    id: 'reflect-ten-seconds-longer',
    text: 'When the next pleasant thing happens, stay with it ten seconds longer.',
    effortMin: 1,
    evidence: ['jose2012'],
  },
  {
    id: 'reflect-line-to-later',
    text: 'Write one line to yourself in a year, and hide it where you’ll find it.',
    effortMin: 3,
  },
  {
    id: 'reflect-what-a-friend-hears',
    text: 'Undecided? Write what you’d tell a friend who asked you the same.',
    effortMin: 5,
    when: { hours: [7, 23] },
    safety: 'For everyday choices; it makes no promise about hard ones.',
  },
  {
    id: 'reflect-what-id-miss',
    text: 'Torn between two things? For each, write one line on what you’d miss without it.',
    effortMin: 3,
    when: { hours: [7, 23] },
  },
  {
    id: 'reflect-enough',
    text: 'Write down what was enough today.',
    effortMin: 2,
    when: { hours: [19, 2] },
  },
  {
    id: 'reflect-repeat-last-week',
    text: 'What went well last week that you’d gladly repeat? Choose one thing.',
    effortMin: 3,
    when: { weekdays: [1], hours: [5, 15] },
  },
  {
    id: 'reflect-open-question',
    text: 'Write down a question you’d love to have answered. Keep it for a free hour.',
    effortMin: 2,
  },
  {
    id: 'reflect-look-forward',
    text: 'Name one moment of today you look forward to. None yet? Plan a small one.',
    effortMin: 2,
    when: { hours: [5, 13] },
  },
  {
    id: 'reflect-who-was-kind',
    text: 'Recall a recent kindness done to you, down to the words that were said.',
    effortMin: 2,
  },
  {
    id: 'reflect-done-list',
    text: 'List what you’ve done today so far. Small things have the same right to be there.',
    effortMin: 3,
    when: { hours: [13, 23] },
  },
  {
    id: 'reflect-six-words',
    text: 'Describe the place you’re in with six words, as if for a postcard.',
    effortMin: 1,
  },
  {
    id: 'reflect-decision-date',
    text: 'Turning over the same decision? Give it a date. Until then it may wait.',
    effortMin: 2,
  },
  {
    id: 'reflect-leave-in-the-week',
    text: 'What may stay behind in this week? Write it down and turn the page.',
    effortMin: 3,
    when: { weekdays: [5, 6, 7], hours: [15, 23] },
  },
  {
    id: 'reflect-photo',
    text: 'Find an old photo or message you’re fond of. Give it a whole minute.',
    effortMin: 2,
  },
]
