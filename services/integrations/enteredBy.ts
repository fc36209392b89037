import { Problem } from '@oo/kernel'
import type { Connector } from './connectors/connector.ts'
import type { IntegrationsCtx } from './context.ts'
import { errors } from './errors.ts'

type Entry = Connector['entry']

/** A connector that is connected in this way, or the problem that says why it is not. */
export function enteredBy<By extends Entry['by']>(
  { sources }: Pick<IntegrationsCtx, 'sources'>,
  id: string,
  by: By,
): { connector: Connector; entry: Extract<Entry, { by: By }> } {
  const source = sources.get(id)
  if (!source) throw new Problem(errors.unknownSource)
  const { connector } = source
  if (!connector) throw new Problem(errors.unavailable)
  const { entry } = connector
  if (!isBy(entry, by)) throw new Problem(by === 'form' ? errors.hasNoForm : errors.hasForm)
  return { connector, entry }
}

const isBy = <By extends Entry['by']>(entry: Entry, by: By): entry is Extract<Entry, { by: By }> =>
  entry.by === by
