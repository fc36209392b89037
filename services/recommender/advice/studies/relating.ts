// What is known of ways to be with others, to look back kindly.
import type { Study } from '../study.ts'

export const relating = {
  boothby2021: {
    authors: 'Boothby, E. J.; Bohns, V. K.',
    year: 2021,
    title:
      'Why a simple act of kindness is not as simple as it seems: Underestimating the positive impact of our compliments on others',
    where: 'Personality and Social Psychology Bulletin 47(5), 826–840',
    found: 'People who gave a stranger a compliment underestimated how good it made them feel.',
  },
  curry2018: {
    authors: 'Curry, O. S.; Rowland, L. A.; Van Lissa, C. J.; Zlotowitz, S.; McAlaney, J.; Whitehouse, H.',
    year: 2018,
    title:
      'Happy to help? A systematic review and meta-analysis of the effects of performing acts of kindness on the well-being of the actor',
    where: 'Journal of Experimental Social Psychology 76, 320–329',
    found: 'A small to medium gain in the well-being of those who act.',
  },
  emmons2003: {
    authors: 'Emmons, R. A.; McCullough, M. E.',
    year: 2003,
    title:
      'Counting blessings versus burdens: An experimental investigation of gratitude and subjective well-being in daily life',
    where: 'Journal of Personality and Social Psychology 84(2), 377–389',
    found: 'Listing up to five things a week one is grateful for went with a better view of one’s life.',
  },
  epley2014: {
    authors: 'Epley, N.; Schroeder, J.',
    year: 2014,
    title: 'Mistakenly seeking solitude',
    where: 'Journal of Experimental Psychology: General 143(5), 1980–1999',
    found: 'Commuters asked to talk to a stranger had a more pleasant ride, and had expected the opposite.',
  },
  flynn2008: {
    authors: 'Flynn, F. J.; Lake, V. K. B.',
    year: 2008,
    title: 'If you need help, just ask: Underestimating compliance with direct requests for help',
    where: 'Journal of Personality and Social Psychology 95(1), 128–143',
    found: 'Askers underestimated by up to half how many people would agree to help.',
  },
  gable2004: {
    authors: 'Gable, S. L.; Reis, H. T.; Impett, E. A.; Asher, E. R.',
    year: 2004,
    title:
      'What do you do when things go right? The intrapersonal and interpersonal benefits of sharing positive events',
    where: 'Journal of Personality and Social Psychology 87(2), 228–245',
    found:
      'On days on which people told someone of a good event, they felt better than the event alone explains.',
  },
  jose2012: {
    authors: 'Jose, P. E.; Lim, B. T.; Bryant, F. B.',
    year: 2012,
    title: 'Does savoring increase happiness? A daily diary study',
    where: 'The Journal of Positive Psychology 7(3), 176–187',
    found:
      'On days on which people dwelt on good moments they were happier; an association, not an experiment.',
  },
  koo2008: {
    authors: 'Koo, M.; Algoe, S. B.; Wilson, T. D.; Gilbert, D. T.',
    year: 2008,
    title:
      'It’s a wonderful life: Mentally subtracting positive events improves people’s affective states, contrary to their affective forecasts',
    where: 'Journal of Personality and Social Psychology 95(5), 1217–1224',
    found:
      'Picturing how a good thing might not have happened lifted the mood more than recalling that it did.',
  },
  kumar2018: {
    authors: 'Kumar, A.; Epley, N.',
    year: 2018,
    title: 'Undervaluing gratitude: Expressers misunderstand the consequences of showing appreciation',
    where: 'Psychological Science 29(9), 1423–1435',
    found: 'Writers of thanks underestimated how glad and surprised the readers were.',
  },
  kumar2021: {
    authors: 'Kumar, A.; Epley, N.',
    year: 2021,
    title:
      'It’s surprisingly nice to hear you: Misunderstanding the impact of communication media can lead to suboptimal choices of how to connect with others',
    where: 'Journal of Experimental Psychology: General 150(3), 595–607',
    found:
      'Old friends felt closer after a call than after mail, and it was no more awkward, unlike predicted.',
  },
  liu2023: {
    authors: 'Liu, P. J.; Rim, S.; Min, L.; Min, K. E.',
    year: 2023,
    title: 'The surprise of reaching out: Appreciated more than we think',
    where: 'Journal of Personality and Social Psychology 124(4), 754–771',
    found: 'People underestimated how much a short, unexpected message was appreciated.',
  },
  sandstrom2014: {
    authors: 'Sandstrom, G. M.; Dunn, E. W.',
    year: 2014,
    title: 'Social interactions and well-being: The surprising power of weak ties',
    where: 'Personality and Social Psychology Bulletin 40(7), 910–922',
    found: 'On days with more contact with acquaintances people felt happier and that they belonged more.',
  },
  seligman2005: {
    authors: 'Seligman, M. E. P.; Steen, T. A.; Park, N.; Peterson, C.',
    year: 2005,
    title: 'Positive psychology progress: Empirical validation of interventions',
    where: 'American Psychologist 60(5), 410–421',
    found: 'A week of writing three good things and their causes went with more happiness months later.',
  },
} satisfies Record<string, Study>
