// An instance whose api reaches its neighbours only through proxies that can be told to misbehave.
import { join } from 'node:path'
import { startNats } from '@oo/local'
import { reactAs } from '../bench/reactions.ts'
import { type FaultProxy, openFaultProxy } from './faultProxy.ts'
import type { ProofHouse } from './proof.ts'
import { openReactingHouse, type ReactingHouse } from './reactingHouse.ts'

export const neighbours = ['ml', 'NATS', 'Todoist'] as const
export type Neighbour = (typeof neighbours)[number]

export interface Besieged {
  api: string
  people: ReactingHouse['people']
  proxies: Record<Neighbour, FaultProxy>
  /** Every tip ends and every item is open again, so that the next requests decide anew. */
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
      }),
    async restart(settings = {}) {
      await api.stop()
      api = instance.apiWith({ ...through, ...settings })
      await api.start()
    },
  }
}
