import type { Client } from 'pg'

const settings = ['fsync', 'synchronous_commit', 'full_page_writes'] as const
/** Settings with which a server could lose what it has acknowledged, as one sentence; nothing when it is safe. */
export async function unsafeSetting(client: Client): Promise<string | undefined> {
  for (const name of settings) {
    const { rows } = await client.query<Record<string, string>>(`SHOW ${name}`)
    if (rows[0]?.[name] === 'off')
      return `The database runs with ${name} = off, which can lose what people did: set it to on in its postgresql.conf (ALTER SYSTEM SET ${name} = on).`
  }
  return undefined
}
