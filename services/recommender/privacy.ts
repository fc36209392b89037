// What this module hands to the export and to the erasure of a person.
import { changed, type Eraser, type Exporter } from '@oo/kernel'
import type { RecommenderCtx } from './context.ts'
import { unpackFloats } from './floats.ts'
import { answerTopic, itemsTopic } from './memories.ts'
import { openSketch } from './refused.ts'
import { decisionsOf, eraseAnswers, lockTips, readAnswer, tipsOf } from './store/answers.ts'
import { eraseItems, everyItemOf } from './store/items.ts'
import { eraseLearned, learnedOf } from './store/learned.ts'
import { completionsOfPerson, outcomesOfPerson } from './store/outcomes.ts'
import { eraseReactions, reactionsOf } from './store/reactions.ts'
import { viewTip } from './tipText.ts'

const own = ['decisions', 'tips', 'current', 'items', 'reactions', 'outcomes', 'completions'].map(
  table => `recommender.${table}`,
)
const learned = ['posteriors', 'terms', 'heads', 'snapshots', 'timing', 'pooling'].map(table => `ml.${table}`)
const tables = [...own, ...learned]

const row = (properties: Record<string, unknown>) => ({ type: 'object', properties })
const text = { type: 'string' }
const instant = { type: ['string', 'null'], format: 'date-time' }

export const exporter = (ctx: RecommenderCtx): Exporter => ({
  tables,
  async collect(personId) {
    const { db } = ctx
    const [decisions, tips, reactions, items, outcomes, completions, learned, answer, sealer] =
      await Promise.all([
        decisionsOf(db, personId),
        tipsOf(db, personId),
        reactionsOf(db, personId),
        everyItemOf(db, personId),
        outcomesOfPerson(db, personId),
        completionsOfPerson(db, personId),
        learnedOf(db, personId),
        readAnswer(db, personId),
        ctx.auth.sealer(personId),
      ])
    const shown = answer && viewTip(sealer, answer, { now: ctx.clock.now(), timeZone: 'UTC' })
    return [
      {
        name: 'decisions',
        about:
          'Every time oO chose: what it could show, how likely each was, what it chose, and what the policy saw.',
        schema: row({ id: text, at: instant, policy: text, chosen: { type: ['string', 'null'] } }),
        rows: decisions.map(({ personId: _, probabilities, scores, features, contributions, ...rest }) => ({
          ...rest,
          probabilities: unpackFloats(probabilities),
          scores: unpackFloats(scores),
          features: unpackFloats(features),
          contributions: contributions && unpackFloats(contributions),
        })),
      },
      {
        name: 'tips',
        about:
          'The tips you were shown. The words are kept only while a tip is current, so only that one has them.',
        schema: row({ id: text, source: text, externalId: text, createdAt: instant, shownAt: instant }),
        rows: tips.map(({ personId: _, sealed: __, ...tip }) => ({
          ...tip,
          ...(shown?.id === tip.id && { text: shown.text }),
        })),
      },
      {
        name: 'reactions',
        about: 'What you did with your tips.',
        schema: row({ id: text, tipId: text, reaction: text, at: instant, undoneAt: instant }),
        rows: reactions.map(({ personId: _, ...reaction }) => reaction),
      },
      {
        name: 'items',
        about:
          'How often each item was shown and until when it rests, by its id at the provider; of what you refused also a sketch (a keyed hash, no words) by which its like is known.',
        schema: row({ source: text, externalId: text, timesShown: { type: 'integer' }, restUntil: instant }),
        rows: items.map(({ personId: _, sketch, ...item }) => ({
          ...item,
          sketch: sketch && openSketch(sealer, { personId, ...item }, sketch).toString('base64'),
        })),
      },
      {
        name: 'outcomes',
        about: 'What became of each tip, what it was worth to what oO learns, and which part of it.',
        schema: row({ decisionId: text, outcome: text, reward: { type: ['number', 'null'] }, part: text }),
        rows: outcomes,
      },
      {
        name: 'completions',
        about: 'When the task of a tip was completed in the app it comes from.',
        schema: row({ decisionId: text, at: instant, exact: { type: 'boolean' } }),
        rows: completions,
      },
      {
        name: 'learned',
        about: 'What the policies learned from your reactions, as the numbers they keep.',
        schema: row({ table: text, row: { type: 'object' } }),
        rows: learned,
      },
    ]
  },
})

export const eraser: Eraser = {
  tables,
  async erase(tx, personId) {
    await lockTips(tx, personId)
    changed(tx, answerTopic, personId)
    changed(tx, itemsTopic, personId)
    const reactions = await eraseReactions(tx, personId)
    const items = await eraseItems(tx, personId)
    const answers = await eraseAnswers(tx, personId)
    const learned = await eraseLearned(tx, personId)
    return { rows: reactions + items + answers + learned }
  },
}
