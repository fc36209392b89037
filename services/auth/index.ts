import type { Events } from '@oo/events'
import type { Ctx, Module } from '@oo/kernel'
import { authenticate } from './authenticate.ts'
import { contextOf } from './context.ts'
import type { Auth, AuthHooks, AuthSettings } from './door.ts'
import { eraseAgain } from './eraseAgain.ts'
import { erasePerson, erasePersonJob } from './erasePerson.ts'
import { eraser, exporterOf } from './exporter.ts'
import { ledgerHealth, signInHealth } from './health.ts'
import { sealerOf } from './personKeys.ts'
import { readReceipt } from './readReceipt.ts'
import { enqueueErasure, requestErasure } from './requestErasure.ts'
import { keyHolder } from './rewrapKeys.ts'
import { type AuthHandlers, routes } from './routes.ts'
import { unfinishedErasures } from './store/people.ts'
import * as tables from './tables.ts'

export type * from './door.ts'
export { mergeErasureLedgers, readErasureLedger } from './erasureLedger.ts'

export interface AuthParts {
  door: Auth
  module: Module<AuthHandlers>
}

const resumeAtMost = 1_000

export function createAuth(
  ctx: Ctx & { events: Events },
  settings: AuthSettings,
  hooks: AuthHooks,
): AuthParts {
  const own = contextOf(ctx, settings, hooks)
  return {
    door: {
      authenticate: (sid, fresh) => authenticate(own, sid, fresh),
      sealer: (personId, tx) => sealerOf(own, personId, tx),
      requestErasure: personId => requestErasure(own, personId),
      receipt: id => readReceipt(own, id),
      eraseAgain: ledger => eraseAgain(own, ledger),
    },
    module: {
      name: 'auth',
      tables: Object.values(tables),
      handlers: routes(own),
      jobs: [
        {
          name: erasePersonJob,
          promise: 'A person who asked to be deleted is not wholly deleted yet.',
          retryLimit: 20,
          run: ({ personId, receiptHash }, signal) =>
            erasePerson(own, {
              personId: personId ?? '',
              receiptHash: Buffer.from(receiptHash ?? '', 'hex'),
              signal,
            }),
        },
      ],
      health: [signInHealth(own), ledgerHealth(own)],
      exporter: exporterOf(own),
      eraser,
      keys: [keyHolder],
      /** After a kill a deletion goes on at once, not when its job's lease has run out. */
      async start() {
        await own.ledger
          .check()
          .catch(error => own.log.error({ err: error }, 'the ledger of deletions cannot be written'))
        for (const erasure of await unfinishedErasures(own.db, resumeAtMost))
          await enqueueErasure(own, own.db, erasure)
      },
    },
  }
}
