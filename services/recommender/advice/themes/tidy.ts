// Small order, at hand or on a screen.
import type { Written } from '../card.ts'

export const tidy: readonly Written[] = [
  {
    id: 'tidy-one-surface',
    text: 'Clear one surface, however small, and leave it empty.',
    effortMin: 5,
    when: { hours: [6, 22] },
  },
  {
    id: 'tidy-tabs',
    text: 'Close every tab you wouldn’t open again today.',
    effortMin: 2,
  },
  {
    id: 'tidy-archive-unsorted',
    text: 'Archive your old mail without sorting it. Searching later costs less than filing now.',
    effortMin: 3,
    when: { hours: [7, 22] },
    evidence: ['whittaker2011'],
  },
  {
    id: 'tidy-five-things-home',
    text: 'Put five things back where they live.',
    effortMin: 3,
    when: { hours: [6, 23] },
  },
  {
    id: 'tidy-bag',
    text: 'Empty your bag or your pockets, and put back only what tomorrow needs.',
    effortMin: 5,
    when: { hours: [17, 24] },
  },
  {
    id: 'tidy-by-the-door',
    text: 'Put what tomorrow asks for by the door tonight.',
    effortMin: 5,
    when: { hours: [18, 24] },
  },
  {
    id: 'tidy-downloads',
    text: 'Open your downloads. Delete three files you’re surely done with.',
    effortMin: 3,
  },
  {
    id: 'tidy-one-newsletter',
    text: 'End one newsletter that you no longer open.',
    effortMin: 2,
    when: { hours: [6, 23] },
  },
  {
    id: 'tidy-double-photos',
    text: 'Find five photos you have twice, and let the copies go.',
    effortMin: 5,
  },
  {
    id: 'tidy-name-the-file',
    text: 'Rename the one file you hunt for every time.',
    effortMin: 2,
    when: { hours: [7, 23] },
  },
  {
    id: 'tidy-merge-two',
    text: 'Do two entries on your list mean the same thing? Make them one.',
    effortMin: 3,
    when: { hours: [6, 23], openTasks: { atLeast: 8 } },
  },
  {
    id: 'tidy-begin-with-a-verb',
    text: 'Rewrite the vaguest entry on your list so that it begins with a verb.',
    effortMin: 2,
    when: { openTasks: { atLeast: 3 } },
  },
  {
    id: 'tidy-split-the-biggest',
    text: 'Split the biggest task on your list into two, each small enough for one hour.',
    effortMin: 5,
    when: { hours: [6, 22], openTasks: { atLeast: 3 } },
  },
  {
    id: 'tidy-dates-that-hold',
    text: 'Find one date on your list that no longer holds, and move it to one that does.',
    effortMin: 3,
    when: { hours: [6, 22], openTasks: { atLeast: 5 } },
  },
  {
    id: 'tidy-let-one-go',
    text: 'Take one thing off your list that no longer matters to you.',
    effortMin: 3,
    when: { hours: [6, 23], openTasks: { atLeast: 6 } },
  },
  {
    id: 'tidy-a-fixed-home',
    text: 'Give the thing you misplace most a fixed home.',
    effortMin: 3,
    when: { hours: [6, 22] },
  },
  {
    id: 'tidy-charge-for-tomorrow',
    text: 'Put on charge whatever you’ll need charged tomorrow.',
    effortMin: 1,
    when: { hours: [18, 2] },
  },
  {
    id: 'tidy-wipe-what-you-touch',
    text: 'Wipe down what you touch most all day: a phone, a keyboard, a handle.',
    effortMin: 3,
    when: { hours: [6, 23] },
  },
  {
    id: 'tidy-return-what-is-borrowed',
    text: 'Is something borrowed still with you? Put it where you’ll take it along.',
    effortMin: 3,
    when: { hours: [6, 22] },
  },
  {
    id: 'tidy-mend-one-thing',
    text: 'Mend one small nuisance: a loose screw, a flat battery, a squeak.',
    effortMin: 10,
    when: { hours: [8, 20] },
  },
  {
    id: 'tidy-gather-notes',
    text: 'Gather the loose notes of the last few days in one place.',
    effortMin: 5,
    when: { hours: [7, 23] },
  },
  {
    id: 'tidy-five-per-cent',
    text: 'Make the room five per cent tidier, then stop.',
    effortMin: 3,
  },
  {
    id: 'tidy-read-or-free',
    text: 'Of all you saved for later, read one thing or set it free.',
    effortMin: 5,
  },
  {
    id: 'tidy-repeating-appointment',
    text: 'Which repeating appointment has lost its point? Ask if it may end.',
    effortMin: 5,
    when: { hours: [8, 18], freeMin: { atLeast: 10 } },
  },
]
