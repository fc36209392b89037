import { bytes, instant } from '@oo/kernel'
import type { Reaction, ReactionKind, SilenceReason } from '@oo/shared-types'
import type { Reward } from '@oo/shared-types/rewards'
import {
  boolean,
  doublePrecision,
  integer,
  jsonb,
  pgSchema,
  primaryKey,
  real,
  text,
  uuid,
} from 'drizzle-orm/pg-core'
import type { Arm } from './policies/assignment.ts'
import type { PolicyState } from './policies/ladder.ts'
import type { Outcome } from './rewards/attribution.ts'

const recommender = pgSchema('recommender')

export interface Ineligible {
  /** Of a candidate, or the source of so many of them. */
  id: string
  reason: string
  count?: number
}

export interface Shadow {
  policy: string
  version: string
  chosen: string | null
  probabilities: number[]
  /** Its own part of ml's time. */
  latencyMs?: number
}

export const decisions = recommender.table('decisions', {
  id: uuid().primaryKey(),
  personId: uuid('person_id').notNull(),
  at: instant('at').notNull(),
  trigger: text().notNull(),
  policy: text().notNull(),
  policyVersion: text('policy_version').notNull(),
  chosen: text(),
  silence: text(),
  candidates: text().array().notNull(),
  ineligible: jsonb().$type<Ineligible[]>().notNull(),
  probabilities: bytes().notNull(),
  scores: bytes().notNull(),
  featureNames: text('feature_names').array().notNull(),
  features: bytes().notNull(),
  contributions: bytes(),
  decidedAs: text('decided_as').$type<'population' | 'holdback'>(),
  sendProbability: real('send_probability'),
  shadows: jsonb().$type<Shadow[]>().notNull(),
  latencyMs: real('latency_ms').notNull(),
  experiment: uuid(),
  arm: text().$type<Arm>(),
})

export const tips = recommender.table('tips', {
  id: uuid().primaryKey(),
  decisionId: uuid('decision_id').notNull(),
  personId: uuid('person_id').notNull(),
  source: text().notNull(),
  externalId: text('external_id').notNull(),
  kind: text().$type<'todo' | 'advice' | 'ambient'>().notNull(),
  sealed: bytes(),
  createdAt: instant('created_at').notNull(),
  expiresAt: instant('expires_at').notNull(),
  shownAt: instant('shown_at'),
  endedAt: instant('ended_at'),
  endReason: text('end_reason'),
  closedAt: instant('closed_at'),
})

export const current = recommender.table('current', {
  personId: uuid('person_id').primaryKey(),
  decisionId: uuid('decision_id').notNull(),
  tipId: uuid('tip_id'),
  silence: text().$type<SilenceReason>(),
  until: instant('until'),
})

export const items = recommender.table(
  'items',
  {
    personId: uuid('person_id').notNull(),
    source: text().notNull(),
    externalId: text('external_id').notNull(),
    timesShown: integer('times_shown').notNull().default(0),
    lastShownAt: instant('last_shown_at'),
    restUntil: instant('rest_until'),
    restReason: text('rest_reason'),
    recent: real().notNull().default(0),
    refusedAt: instant('refused_at'),
    sketch: bytes(),
  },
  table => [primaryKey({ columns: [table.personId, table.source, table.externalId] })],
)

export const reactions = recommender.table('reactions', {
  id: uuid().primaryKey(),
  personId: uuid('person_id').notNull(),
  tipId: uuid('tip_id').notNull(),
  reaction: text().$type<ReactionKind>().notNull(),
  at: instant('at').notNull(),
  recordedAt: instant('recorded_at').notNull(),
  snoozeUntil: instant('snooze_until'),
  state: text().$type<ReactionState>().notNull(),
  replacedBy: uuid('replaced_by'),
  undoneAt: instant('undone_at'),
  tellingAt: instant('telling_at'),
  toldAt: instant('told_at'),
})

export const outcomes = recommender.table('outcomes', {
  decisionId: uuid('decision_id').primaryKey(),
  outcome: text().$type<Outcome['outcome']>().notNull(),
  reactionId: uuid('reaction_id'),
  closed: boolean().notNull(),
  told: integer().notNull(),
  rewardId: text('reward_id'),
  earnedFrom: text('earned_from'),
  reward: doublePrecision(),
  part: text().$type<Reward['part']>(),
})

export const completions = recommender.table(
  'completions',
  {
    decisionId: uuid('decision_id').notNull(),
    at: instant('at').notNull(),
    exact: boolean().notNull(),
  },
  table => [primaryKey({ columns: [table.decisionId, table.at] })],
)

export const policies = recommender.table('policies', {
  name: text().primaryKey(),
  state: text().$type<PolicyState>().notNull(),
  since: instant('since').notNull(),
  experiment: uuid().notNull(),
  tookOverFrom: text('took_over_from'),
})

export const policySteps = recommender.table('policy_steps', {
  id: uuid().primaryKey(),
  policy: text().notNull(),
  version: text().notNull(),
  fromState: text('from_state').$type<PolicyState>().notNull(),
  toState: text('to_state').$type<PolicyState>().notNull(),
  at: instant('at').notNull(),
  by: text().$type<'operator' | 'admin' | 'oO'>().notNull(),
  override: text(),
  reasons: text().array().notNull(),
  figures: jsonb().$type<Record<string, unknown>>().notNull(),
})

export const policyAlarms = recommender.table(
  'policy_alarms',
  {
    kind: text().notNull(),
    subject: text().notNull(),
    since: instant('since').notNull(),
    seen: instant('seen').notNull(),
    about: text().notNull(),
  },
  table => [primaryKey({ columns: [table.kind, table.subject] })],
)

export type ReactionState = Reaction['state']
export type ReactionRow = typeof reactions.$inferSelect
export type TipRow = typeof tips.$inferSelect
