import { changed, type Tx } from '@oo/kernel'
import type { ProfileCtx } from './context.ts'
import { type Answer, findPerson, insertAnswer } from './store.ts'
import { wishesTopic } from './wishesMemory.ts'

/** Adds an answer and its event, unless it says what the last one said. The caller holds the card's lock. */
export async function record(
  ctx: ProfileCtx,
  tx: Tx,
  personId: string,
  answer: Omit<Answer, 'at'>,
): Promise<void> {
  const { purpose, granted } = answer
  const last = (await findPerson(tx, personId))?.answers.find(known => known.purpose === purpose)
  // A no takes back the text that was agreed to, which may be an older one.
  const version = granted ? answer.version : (last?.version ?? answer.version)
  const unchanged = granted ? last?.granted && last.version === version : !last?.granted
  if (unchanged) return
  await insertAnswer(tx, personId, { purpose, version, granted, at: ctx.clock.now() })
  await ctx.events.append(tx, personId, { case: 'consentChanged', value: { purpose, version, granted } })
  changed(tx, wishesTopic, personId)
}
