// What is known of ways to plan, to begin, to stay with it.
import type { Study } from '../study.ts'

export const doing = {
  buehler1994: {
    authors: 'Buehler, R.; Griffin, D.; Ross, M.',
    year: 1994,
    title: 'Exploring the “planning fallacy”: Why people underestimate their task completion times',
    where: 'Journal of Personality and Social Psychology 67(3), 366–381',
    found: 'People finished later than they predicted; tying the plan to past experience took the bias away.',
  },
  cepeda2006: {
    authors: 'Cepeda, N. J.; Pashler, H.; Vul, E.; Wixted, J. T.; Rohrer, D.',
    year: 2006,
    title: 'Distributed practice in verbal recall tasks: A review and quantitative synthesis',
    where: 'Psychological Bulletin 132(3), 354–380',
    found: 'Learning spread over several sessions was recalled better than the same time in one.',
  },
  dai2014: {
    authors: 'Dai, H.; Milkman, K. L.; Riis, J.',
    year: 2014,
    title: 'The fresh start effect: Temporal landmarks motivate aspirational behavior',
    where: 'Management Science 60(10), 2563–2582',
    found: 'Searches, gym visits and commitments rose at the start of a week, month or year.',
  },
  duckworth2016: {
    authors: 'Duckworth, A. L.; White, R. E.; Matteucci, A. J.; Shearer, A.; Gross, J. J.',
    year: 2016,
    title: 'A stitch in time: Strategic self-control in high school and college students',
    where: 'Journal of Educational Psychology 108(3), 329–341',
    found:
      'Students who removed temptations beforehand came nearer to their goals than those who resisted them.',
  },
  gollwitzer2006: {
    authors: 'Gollwitzer, P. M.; Sheeran, P.',
    year: 2006,
    title: 'Implementation intentions and goal achievement: A meta-analysis of effects and processes',
    where: 'Advances in Experimental Social Psychology 38, 69–119',
    found: 'Over 94 tests, deciding when, where and how had a medium to large effect on reaching the goal.',
  },
  harkin2016: {
    authors:
      'Harkin, B.; Webb, T. L.; Chang, B. P. I.; Prestwich, A.; Conner, M.; Kellar, I.; Benn, Y.; Sheeran, P.',
    year: 2016,
    title:
      'Does monitoring goal progress promote goal attainment? A meta-analysis of the experimental evidence',
    where: 'Psychological Bulletin 142(2), 198–229',
    found: 'Watching progress helped people reach goals, more so when it was recorded or made public.',
  },
  kruger2004: {
    authors: 'Kruger, J.; Evans, M.',
    year: 2004,
    title: 'If you don’t want to be late, enumerate: Unpacking reduces the planning fallacy',
    where: 'Journal of Experimental Social Psychology 40(5), 586–598',
    found: 'Listing the parts of a task first made the estimate of its time longer and less biased.',
  },
  kushlev2015: {
    authors: 'Kushlev, K.; Dunn, E. W.',
    year: 2015,
    title: 'Checking email less frequently reduces stress',
    where: 'Computers in Human Behavior 43, 220–228',
    found:
      'In a week of checking mail three times a day people felt less tense than in a week without a limit.',
  },
  leroy2009: {
    authors: 'Leroy, S.',
    year: 2009,
    title:
      'Why is it so hard to do my work? The challenge of attention residue when switching between work tasks',
    where: 'Organizational Behavior and Human Decision Processes 109(2), 168–181',
    found: 'People who left a task unfinished still thought of it and did worse on the next one.',
  },
  leroy2018: {
    authors: 'Leroy, S.; Glomb, T. M.',
    year: 2018,
    title:
      'Tasks interrupted: How anticipating time pressure on resumption of an interrupted task causes attention residue and low performance on interrupting tasks and how a “ready-to-resume” plan mitigates the effects',
    where: 'Organization Science 29(3), 380–397',
    found: 'Noting where one stopped and what comes next left less of the old task in mind.',
  },
  locke2002: {
    authors: 'Locke, E. A.; Latham, G. P.',
    year: 2002,
    title: 'Building a practically useful theory of goal setting and task motivation: A 35-year odyssey',
    where: 'American Psychologist 57(9), 705–717',
    found: 'Specific goals led to more than “do your best”; a review of many studies by its authors.',
  },
  masicampo2011: {
    authors: 'Masicampo, E. J.; Baumeister, R. F.',
    year: 2011,
    title: 'Consider it done! Plan making can eliminate the cognitive effects of unfulfilled goals',
    where: 'Journal of Personality and Social Psychology 101(4), 667–683',
    found:
      'Unfinished goals intruded on other tasks; once people had made a specific plan, they no longer did.',
  },
  mccrea2008: {
    authors: 'McCrea, S. M.; Liberman, N.; Trope, Y.; Sherman, S. J.',
    year: 2008,
    title: 'Construal level and procrastination',
    where: 'Psychological Science 19(12), 1308–1314',
    found: 'People who thought of a task in concrete terms began it sooner.',
  },
  milkman2014: {
    authors: 'Milkman, K. L.; Minson, J. A.; Volpp, K. G. M.',
    year: 2014,
    title: 'Holding the Hunger Games hostage at the gym: An evaluation of temptation bundling',
    where: 'Management Science 60(2), 283–299',
    found: 'Gripping audiobooks kept for the gym led to more visits at first; the effect faded over weeks.',
  },
  oettingen2001: {
    authors: 'Oettingen, G.; Pak, H.; Schnetter, K.',
    year: 2001,
    title: 'Self-regulation of goal setting: Turning free fantasies about the future into binding goals',
    where: 'Journal of Personality and Social Psychology 80(5), 736–753',
    found: 'Picturing the wish and then the obstacle made people commit to wishes they believed in.',
  },
  roediger2006: {
    authors: 'Roediger, H. L.; Karpicke, J. D.',
    year: 2006,
    title: 'Test-enhanced learning: Taking memory tests improves long-term retention',
    where: 'Psychological Science 17(3), 249–255',
    found:
      'A week later, students remembered more of a text that they had recalled than of one they had reread.',
  },
  stothart2015: {
    authors: 'Stothart, C.; Mitchum, A.; Yehnert, C.',
    year: 2015,
    title: 'The attentional cost of receiving a cell phone notification',
    where: 'Journal of Experimental Psychology: Human Perception and Performance 41(4), 893–897',
    found: 'A notification that nobody answered still made people worse at a task that needs attention.',
  },
  whittaker2011: {
    authors: 'Whittaker, S.; Matthews, T.; Cerruti, J.; Badenes, H.; Tang, J.',
    year: 2011,
    title: 'Am I wasting my time organizing email? A study of email refinding',
    where: 'Proceedings of CHI 2011, 3449–3458',
    found: 'In 85,000 looks for old mail, elaborate folders cost more time than search and found no more.',
  },
} satisfies Record<string, Study>
