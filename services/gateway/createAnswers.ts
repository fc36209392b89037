// The kept answers as a module: their table, what a person may see of them, how they are erased and forgotten.
import type { Module } from '@oo/kernel'
import { type Answers, type AnswersCtx, keptMs, openAnswers } from './answers.ts'
import { answersOf, eraseAnswers, forget } from './store.ts'
import * as tables from './tables.ts'

const personal = ['gateway.answers']
const forgetEveryMs = 600_000
const batch = 1_000
/** A round ends even where others write faster than it deletes; the next round goes on. */
const mostBatches = 100

export interface AnswersParts {
  answers: Answers
  module: Module<Record<never, never>>
}

export function createAnswers(ctx: AnswersCtx): AnswersParts {
  const answers = openAnswers(ctx)
  let timer: NodeJS.Timeout | undefined
  const forgetting = () =>
    forgetOldAnswers(ctx).catch((error: unknown) =>
      ctx.log.warn({ err: error }, 'answers older than a day could not be forgotten; it is tried again'),
    )
  return {
    answers,
    module: {
      name: 'gateway',
      tables: Object.values(tables),
      handlers: {},
      exporter: {
        tables: personal,
        async collect(personId) {
          return [{ ...exported, rows: await answersOf(ctx.db, personId) }]
        },
      },
      eraser: {
        tables: personal,
        erase: async (tx, personId) => ({ rows: await eraseAnswers(tx, personId) }),
      },
      async start() {
        timer = setInterval(forgetting, forgetEveryMs)
        await forgetting()
      },
      async stop() {
        clearInterval(timer)
        answers.stop()
      },
    },
  }
}

/** An answer is kept for a day and then gone, whatever it was. */
export async function forgetOldAnswers({ db, clock }: Pick<AnswersCtx, 'db' | 'clock'>): Promise<void> {
  const before = new Date(clock.now().getTime() - keptMs)
  for (let round = 0; round < mostBatches; round++) if ((await forget(db, before, batch)) < batch) return
}

const exported = {
  name: 'answers',
  about:
    'Requests of your devices that oO remembers for a day, so that one that is sent twice counts once; their answers are copies of what is in the other files.',
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['operation', 'askedAt', 'status'],
    properties: {
      operation: { type: 'string', description: 'What was asked for.' },
      askedAt: { type: 'string', format: 'date-time' },
      status: { type: ['integer', 'null'], description: 'How it was answered; null while it runs.' },
    },
  },
}
