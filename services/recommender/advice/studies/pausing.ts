// What is known of ways to pause, to go outside, to let go.
import type { Study } from '../study.ts'

export const pausing = {
  albulescu2022: {
    authors: 'Albulescu, P.; Macsinga, I.; Rusu, A.; Sulea, C.; Bodnaru, A.; Tulbure, B. T.',
    year: 2022,
    title:
      '“Give me a break!” A systematic review and meta-analysis on the efficacy of micro-breaks for increasing well-being and performance',
    where: 'PLOS ONE 17(8), e0272460',
    found: 'Breaks of up to ten minutes: small gains in vigour and less fatigue; performance not reliably.',
  },
  berman2008: {
    authors: 'Berman, M. G.; Jonides, J.; Kaplan, S.',
    year: 2008,
    title: 'The cognitive benefits of interacting with nature',
    where: 'Psychological Science 19(12), 1207–1212',
    found:
      'After an arboretum rather than a city street, attention was better on a memory task; small samples.',
  },
  dewar2012: {
    authors: 'Dewar, M.; Alber, J.; Butler, C.; Cowan, N.; Della Sala, S.',
    year: 2012,
    title: 'Brief wakeful resting boosts new memories over the long term',
    where: 'Psychological Science 23(9), 955–960',
    found:
      'A story was recalled better, also a week later, after ten minutes of quiet rest than after a game; replications vary.',
  },
  hunter2016: {
    authors: 'Hunter, E. M.; Wu, C.',
    year: 2016,
    title: 'Give me a better break: Choosing workday break activities to maximize resource recovery',
    where: 'Journal of Applied Psychology 101(2), 302–311',
    found:
      'Breaks earlier in the shift, and spent as one prefers, went with more recovery; 95 employees, diaries.',
  },
  kim2017: {
    authors: 'Kim, S.; Park, Y.; Niu, Q.',
    year: 2017,
    title: 'Micro-break activities at work to recover from daily work demands',
    where: 'Journal of Organizational Behavior 38(1), 28–44',
    found: 'Short breaks spent relaxing or with others, not with more mental work, eased the day’s demands.',
  },
  lee2015: {
    authors: 'Lee, K. E.; Williams, K. J. H.; Sargent, L. D.; Williams, N. S. G.; Johnson, K. A.',
    year: 2015,
    title: '40-second green roof views sustain attention: The role of micro-breaks in attention restoration',
    where: 'Journal of Environmental Psychology 42, 182–189',
    found:
      'After forty seconds of a green roof rather than concrete, students made fewer slips on a dull task.',
  },
  nisbet2011: {
    authors: 'Nisbet, E. K.; Zelenski, J. M.',
    year: 2011,
    title:
      'Underestimating nearby nature: Affective forecasting errors obscure the happy path to sustainability',
    where: 'Psychological Science 22(9), 1101–1106',
    found: 'People who went through nearby nature enjoyed it more than they had predicted.',
  },
  oppezzo2014: {
    authors: 'Oppezzo, M.; Schwartz, D. L.',
    year: 2014,
    title: 'Give your ideas some legs: The positive effect of walking on creative thinking',
    where: 'Journal of Experimental Psychology: Learning, Memory, and Cognition 40(4), 1142–1152',
    found:
      'People had more novel ideas while walking than while sitting; other ways of moving were hardly tested.',
  },
  passmore2017: {
    authors: 'Passmore, H.-A.; Holder, M. D.',
    year: 2017,
    title: 'Noticing nature: Individual and social benefits of a two-week intervention',
    where: 'The Journal of Positive Psychology 12(6), 537–546',
    found: 'Two weeks of noticing everyday nature went with more good feeling than noticing built things.',
  },
  scullin2018: {
    authors: 'Scullin, M. K.; Krueger, M. L.; Ballard, H. K.; Pruett, N.; Bliwise, D. L.',
    year: 2018,
    title:
      'The effects of bedtime writing on difficulty falling asleep: A polysomnographic study comparing to-do lists and completed activity lists',
    where: 'Journal of Experimental Psychology: General 147(1), 139–146',
    found:
      'Fifty-seven healthy young adults fell asleep sooner after writing to-dos than after writing what was done.',
  },
  sianoja2018: {
    authors: 'Sianoja, M.; Syrek, C. J.; de Bloom, J.; Korpela, K.; Kinnunen, U.',
    year: 2018,
    title:
      'Enhancing daily well-being at work through lunchtime park walks and relaxation exercises: Recovery experiences as mediators',
    where: 'Journal of Occupational Health Psychology 23(3), 428–442',
    found: 'After lunch breaks in a park or with relaxation, people concentrated better in the afternoon.',
  },
  sio2009: {
    authors: 'Sio, U. N.; Ormerod, T. C.',
    year: 2009,
    title: 'Does incubation enhance problem solving? A meta-analytic review',
    where: 'Psychological Bulletin 135(1), 94–120',
    found: 'Setting a problem aside helped to solve it, above all problems with many possible answers.',
  },
  smit2016: {
    authors: 'Smit, B. W.',
    year: 2016,
    title: 'Successfully leaving work at work: The self-regulatory underpinnings of psychological detachment',
    where: 'Journal of Occupational and Organizational Psychology 89(3), 493–514',
    found: 'Planning where, when and how to finish open goals let those who find it hard let go of work.',
  },
  sonnentag2015: {
    authors: 'Sonnentag, S.; Fritz, C.',
    year: 2015,
    title: 'Recovery from job stress: The stressor-detachment model as an integrative framework',
    where: 'Journal of Organizational Behavior 36(S1), S72–S103',
    found: 'A review: being away from work in mind, not only in place, goes with recovery.',
  },
  sturm2022: {
    authors:
      'Sturm, V. E.; Datta, S.; Roy, A. R. K.; Sible, I. J.; Kosik, E. L.; Veziris, C. R.; Chow, T. E.; Morris, N. A.; Neuhaus, J.; Kramer, J. H.; Miller, B. L.; Holley, S. R.; Keltner, D.',
    year: 2022,
    title: 'Big smile, small self: Awe walks promote prosocial positive emotions in older adults',
    where: 'Emotion 22(5), 1044–1058',
    found: 'Older adults who looked for awe on weekly outings reported more joy and gratitude.',
  },
  trougakos2014: {
    authors: 'Trougakos, J. P.; Hideg, I.; Cheng, B. H.; Beal, D. J.',
    year: 2014,
    title: 'Lunch breaks unpacked: The role of autonomy as a moderator of recovery during lunch',
    where: 'Academy of Management Journal 57(2), 405–421',
    found: 'How tired people were at the day’s end depended on whether the break was their own to spend.',
  },
} satisfies Record<string, Study>
