// Refresh tokens are good once. In one process a grant is refreshed by one flight at a time, and only a few grants
// at once, because each refresh holds a database connection while the provider answers.
import { ConnectorTrouble, type Tokens } from './connectors/connector.ts'

export interface Held {
  tokens: Tokens
  version: number
}

export interface Refreshes {
  /** Joins the refresh of this grant that is under way, or begins one. */
  join(grantId: string, refresh: () => Promise<Held>): Promise<Held>
}

const atOnce = 3
const mostWaiting = 200

export function openRefreshes(): Refreshes {
  const underWay = new Map<string, Promise<Held>>()
  const waiting: (() => void)[] = []
  let running = 0

  async function inTurn(refresh: () => Promise<Held>): Promise<Held> {
    if (running >= atOnce) {
      if (waiting.length >= mostWaiting) throw new ConnectorTrouble('away', 'too many refreshes wait')
      await new Promise<void>(resolve => waiting.push(resolve))
    } else running += 1
    try {
      return await refresh()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running -= 1
    }
  }

  return {
    join(grantId, refresh) {
      const known = underWay.get(grantId)
      if (known) return known
      const begun = inTurn(refresh).finally(() => underWay.delete(grantId))
      underWay.set(grantId, begun)
      return begun
    },
  }
}
