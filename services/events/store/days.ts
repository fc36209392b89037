import type { Db } from '@oo/kernel'
import { ask } from './ask.ts'

export async function dayCount(db: Db): Promise<number> {
  const text = "SELECT count(*) AS count FROM pg_inherits WHERE inhparent = 'events.log'::regclass"
  const [row] = await ask<{ count: number }>(db, { name: 'dayCount', text }, [])
  return Math.max(0, (row?.count ?? 0) - 1)
}
