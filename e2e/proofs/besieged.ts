// An instance whose api reaches its neighbours only through proxies that can be told to misbehave.
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { startNats } from '@oo/local'
import { reactAs } from '../bench/reactions.ts'
import { type FaultProxy, openFaultProxy } from './faultProxy.ts'
import type { ProofHouse } from './proof.ts'
import { openReactingHouse, type ReactingHouse } from './reactingHouse.ts'

/** What the api keeps in memory of a person's answer, and how long it takes at most to hear of a change. */
const memories = ['recommender.answer', 'recommender.items']
const heardWithinMs = 100
const toldAtOnce = 100

export const neighbours = ['ml', 'NATS', 'Todoist'] as const
export type Neighbour = (typeof neighbours)[number]

export interface Besieged {
  api: string
  people: ReactingHouse['people']
  proxies: Record<Neighbour, FaultProxy>
  /** No answer stands and every item is open again, so that the next requests decide anew. */
  endTips(): Promise<void>
  /** The api again, with nothing in its memory, and with some settings changed. */
  restart(settings?: Record<string, string>): Promise<void>
  reactAs: typeof reactAs
}

export async function besiege(house: ProofHouse, peopleCount: number): Promise<Besieged> {
  const nats = await startNats({ dataDir: join(house.folder, 'nats') })
  house.keep(() => nats.stop())
  const { instance, people, asOwner } = await openReactingHouse(house, { people: peopleCount })
  const proxyTo = async (port: number, speaksFirst = false) => {
    const proxy = await openFaultProxy({ port, speaksFirst })
    house.keep(() => proxy.stop())
    return proxy
  }
  const portOf = (url: string) => Number(new URL(url).port)
  const proxies = {
    ml: await proxyTo(portOf(instance.mlUrl)),
    NATS: await proxyTo(nats.port, true),
    Todoist: await proxyTo(portOf(instance.sandboxUrl)),
  }
  const through = {
    ML_URL: `http://127.0.0.1:${proxies.ml.port}`,
    TODOIST_BASE_URL: `http://127.0.0.1:${proxies.Todoist.port}/todoist`,
    NATS_URL: nats.url.replace(`:${nats.port}`, `:${proxies.NATS.port}`),
  }
  let api = instance.api
  return {
    api: instance.apiUrl,
    people,
    proxies,
    reactAs,
    endTips: () =>
      asOwner(async owner => {
        await owner.query(`UPDATE recommender.tips SET ended_at = now(), end_reason = 'proof', sealed = NULL
          WHERE ended_at IS NULL`)
        await owner.query('UPDATE recommender.items SET rest_until = NULL WHERE rest_until IS NOT NULL')
        const { rows } = await owner.query<{ id: string }>(
          `SELECT person_id AS id FROM recommender.current
           UNION SELECT person_id FROM recommender.tips`,
        )
        await owner.query('DELETE FROM recommender.current WHERE tip_id IS NULL')
        // The api remembers both until it is told.
        for (let at = 0; at < rows.length; at += toldAtOnce) {
          const ids = rows.slice(at, at + toldAtOnce).map(({ id }) => id)
          for (const memory of memories)
            await owner.query(`SELECT pg_notify('oo_changes', $1)`, [`proof\n${memory} ${ids.join(' ')}`])
        }
        await delay(heardWithinMs)
      }),
    async restart(settings = {}) {
      await api.stop()
      api = instance.apiWith({ ...through, ...settings })
      await api.start()
    },
  }
}
