import type { Client } from 'pg'

const settings = ['fsync', 'synchronous_commit', 'full_page_writes'] as const
/** What `synchronous_commit` may be: everything but off and local writes before it answers, on every copy asked for. */
const safe = ['on', 'remote_write', 'remote_apply']

/** Settings with which a server could lose what it has acknowledged, as one sentence; nothing when it is safe. */
export async function unsafeSetting(client: Client): Promise<string | undefined> {
  for (const name of settings) {
    const { rows } = await client.query<Record<string, string>>(`SHOW ${name}`)
    const value = rows[0]?.[name] ?? ''
    if (!safe.includes(value))
      return `The database runs with ${name} = ${value}, which can lose what people did: set it to on in its postgresql.conf (ALTER SYSTEM SET ${name} = on).`
  }
  return undefined
}
