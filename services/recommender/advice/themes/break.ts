// A pause in the middle of things.
import type { Written } from '../card.ts'

export const breaks: readonly Written[] = [
  {
    id: 'break-near-and-far',
    text: 'Spend a minute at an open window. Notice one thing near and one thing far away.',
    effortMin: 1,
    when: { hours: [6, 22] },
  },
  {
    id: 'break-something-green',
    text: 'Rest your attention on something green for a minute: a tree, a garden, a plant on a sill.',
    effortMin: 1,
    when: { hours: [7, 19] },
    evidence: ['lee2015'],
  },
  {
    id: 'break-five-off-screen',
    text: 'Take five minutes away from every screen. Short pauses give a little energy back.',
    effortMin: 5,
    when: { hours: [8, 20] },
    evidence: ['albulescu2022'],
  },
  {
    id: 'break-early',
    text: 'Take ten minutes now, before you feel you need them. Earlier breaks tend to restore more.',
    effortMin: 10,
    when: { hours: [9, 12] },
    evidence: ['hunter2016'],
  },
  {
    id: 'break-ten-of-your-own',
    text: 'Ten minutes are yours. Spend them on what you like, not on what’s useful.',
    effortMin: 10,
    when: { hours: [8, 22] },
    evidence: ['hunter2016'],
  },
  {
    id: 'break-midday-choice',
    text: 'Let part of your midday break be something you chose, not something that came up.',
    effortMin: 15,
    when: { hours: [11, 14] },
    evidence: ['trougakos2014'],
  },
  {
    id: 'break-one-song',
    text: 'Choose one song or one poem, and stay with it from its first line to its last.',
    effortMin: 5,
  },
  {
    id: 'break-no-trace',
    text: 'Do something for five minutes that leaves no trace on a screen: sketch, fold, polish, sort.',
    effortMin: 5,
    when: { hours: [7, 23] },
  },
  {
    id: 'break-leave-it-alone',
    text: 'Stuck on a problem? Leave it alone for a quarter of an hour. A pause often brings an answer closer.',
    effortMin: 15,
    when: { hours: [7, 21] },
    evidence: ['sio2009'],
  },
  {
    id: 'break-empty-minutes',
    text: 'A few minutes until your next appointment. Leave them empty.',
    effortMin: 2,
    when: { freeMin: { atLeast: 2, atMost: 12 } },
  },
  {
    id: 'break-one-laugh',
    text: 'Look for one thing that makes you laugh. One is enough.',
    effortMin: 3,
    when: { hours: [9, 23] },
  },
  {
    id: 'break-fresh-air',
    text: 'Bring some fresh air in. Stay with it until it no longer feels new.',
    effortMin: 3,
    when: { hours: [7, 22] },
  },
  {
    id: 'break-afternoon-swap',
    text: 'Swap what you’re doing for something light. In ten minutes, come back to it.',
    effortMin: 10,
    when: { hours: [13, 17] },
  },
  {
    id: 'break-count-sounds',
    text: 'For one minute, count the different sounds around you, or the colours if it’s quiet.',
    effortMin: 1,
  },
  {
    id: 'break-one-thing-slowly',
    text: 'Do your next small thing slowly, on purpose: opening a door, washing a cup, turning a page.',
    effortMin: 2,
  },
  {
    id: 'break-two-pages',
    text: 'Read two pages of something that has nothing to do with today.',
    effortMin: 5,
  },
  {
    id: 'break-night-pause',
    text: 'The night is long enough for five slow minutes without a screen.',
    effortMin: 5,
    when: { hours: [22, 5] },
  },
  {
    id: 'break-first-ten',
    text: 'An open stretch lies ahead. Give its first ten minutes to nothing in particular.',
    effortMin: 10,
    when: { hours: [9, 21], freeMin: { atLeast: 60 } },
  },
  {
    id: 'break-chat',
    text: 'Spend your next short break with someone, and talk about anything but what’s on your list.',
    effortMin: 10,
    when: { hours: [9, 18], openTasks: { atLeast: 3 } },
    evidence: ['kim2017'],
  },
]
