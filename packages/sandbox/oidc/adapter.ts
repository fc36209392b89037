import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider'

const maxEntries = 20_000

type Entry = { payload: AdapterPayload; until: number; model: string }

/** What the identity provider remembers: bounded, in memory; the client is asked for anew, as its addresses may grow. */
export function createAdapter(client: () => AdapterPayload & { client_id: string }): AdapterFactory {
  const entries = new Map<string, Entry>()
  const live = (key: string): AdapterPayload | undefined => {
    const entry = entries.get(key)
    if (entry && entry.until > Date.now()) return entry.payload
    entries.delete(key)
    return undefined
  }
  const findWhere = (
    model: string,
    wanted: (payload: AdapterPayload) => boolean,
  ): AdapterPayload | undefined => {
    for (const [key, entry] of entries) if (entry.model === model && wanted(entry.payload)) return live(key)
    return undefined
  }
  return model => {
    const keyOf = (id: string) => `${model}:${id}`
    const adapter: Adapter = {
      async upsert(id, payload, expiresInS) {
        entries.delete(keyOf(id))
        entries.set(keyOf(id), { payload, model, until: Date.now() + (expiresInS ?? 3_600) * 1_000 })
        for (const key of entries.keys()) {
          if (entries.size <= maxEntries) break
          entries.delete(key)
        }
      },
      async find(id) {
        if (model === 'Client') return id === client().client_id ? client() : undefined
        return live(keyOf(id))
      },
      findByUserCode: async userCode => findWhere(model, payload => payload.userCode === userCode),
      findByUid: async uid => findWhere(model, payload => payload.uid === uid),
      async consume(id) {
        const payload = live(keyOf(id))
        if (payload) payload.consumed = Math.floor(Date.now() / 1_000)
      },
      async destroy(id) {
        entries.delete(keyOf(id))
      },
      async revokeByGrantId(grantId) {
        for (const [key, entry] of entries) if (entry.payload.grantId === grantId) entries.delete(key)
      },
    }
    return adapter
  }
}
