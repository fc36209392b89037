// What a database holds, read from its own catalogue: tables in the order in which they can be filled, sequences.
import type { Client } from 'pg'
import { BackupRefused } from './format.ts'
import { restoringMark } from './mark.ts'

/** For tables whose values mean something to one server only: how each travels. */
export type Portable = Readonly<Record<string, Travel>>

interface Travel {
  /** An SQL expression for a column of the row `t`. */
  columns: Readonly<Record<string, string>>
  /** What is read instead of the table, where an expression needs more: each row once, as `t`. */
  from?: string
}

export interface Table {
  name: string
  columns: string[]
  /** `COPY (select) TO STDOUT` gives rows that any server can take. */
  select: string
}

const ours = `n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_'`

/** Values of these types are about one server's insides. */
const boundToServer = ['xid8', 'xid', 'cid', 'tid', 'oid', 'pg_lsn', 'pg_snapshot', 'regclass']

export type Columns = ReadonlyMap<string, readonly { column: string; type: string }[]>

/** Every table of every schema with its columns; partitions belong to their parent. */
export async function columnsOf(client: Client): Promise<Columns> {
  const { rows } = await client.query<{ name: string; column: string; type: string }>(`
    SELECT format('%I.%I', n.nspname, c.relname) AS name, a.attname AS column, t.typname AS type
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
      JOIN pg_type t ON t.oid = a.atttypid
     WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND ${ours}
     ORDER BY 1, a.attnum`)
  const found = new Map<string, { column: string; type: string }[]>()
  for (const { name, column, type } of rows) {
    if (name === restoringMark) continue
    found.set(name, [...(found.get(name) ?? []), { column, type }])
  }
  return found
}

/** How to read each table so that any server can take it, each after those it refers to. */
export async function tablesOf(client: Client, portable: Portable): Promise<Table[]> {
  const tables = [...(await columnsOf(client))].map(([name, columns]) =>
    tableOf(name, columns, portable[name] ?? { columns: {} }),
  )
  return inOrder(tables, await references(client))
}

function tableOf(
  name: string,
  columns: readonly { column: string; type: string }[],
  { columns: expressions, from = `${name} t` }: Travel,
): Table {
  const bound = columns.find(({ column, type }) => boundToServer.includes(type) && !expressions[column])
  if (bound)
    throw new BackupRefused(
      `${name}.${bound.column} is of type ${bound.type}, which means something to this server only, and no module says how it travels: name it in that module's \`portable\`.`,
    )
  const list = columns.map(({ column }) => expressions[column] ?? `t.${quoted(column)}`)
  return {
    name,
    columns: columns.map(({ column }) => column),
    select: `SELECT ${list.join(', ')} FROM ${from}`,
  }
}

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

async function references(client: Client): Promise<{ from: string; to: string }[]> {
  const { rows } = await client.query<{ from: string; to: string }>(`
    SELECT DISTINCT format('%I.%I', n.nspname, c.relname) AS from, format('%I.%I', m.nspname, d.relname) AS to
      FROM pg_constraint k
      JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_class d ON d.oid = k.confrelid JOIN pg_namespace m ON m.oid = d.relnamespace
     WHERE k.contype = 'f' AND k.conparentid = 0 AND k.conrelid <> k.confrelid`)
  return rows
}

function inOrder(tables: Table[], refers: { from: string; to: string }[]): Table[] {
  const ordered: Table[] = []
  const left = new Set(tables)
  while (left.size > 0) {
    const names = new Set([...left].map(table => table.name))
    const free = [...left].filter(
      table => !refers.some(({ from, to }) => from === table.name && names.has(to)),
    )
    if (free.length === 0)
      throw new BackupRefused(
        `${[...names].join(', ')} refer to each other in a circle: no order fills them.`,
      )
    for (const table of free) {
      ordered.push(table)
      left.delete(table)
    }
  }
  return ordered
}

export async function sequencesOf(
  client: Client,
): Promise<Record<string, { last: string; called: boolean }>> {
  const { rows } = await client.query<{ name: string }>(`
    SELECT format('%I.%I', n.nspname, c.relname) AS name
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'S' AND ${ours} ORDER BY 1`)
  const found: Record<string, { last: string; called: boolean }> = {}
  for (const { name } of rows) {
    const state = await client.query<{ last: string; called: boolean }>(
      `SELECT last_value::text AS last, is_called AS called FROM ${name}`,
    )
    const [value] = state.rows
    if (value) found[name] = value
  }
  return found
}

/** The ids of the master keys that wrap something, wherever a table has a column `kek_id`. */
export async function keyIdsOf(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(`
    SELECT format('%I.%I', n.nspname, c.relname) AS name
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'kek_id' AND NOT a.attisdropped
     WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND ${ours} ORDER BY 1`)
  if (rows.length === 0) return []
  const ids = await client.query<{ id: string }>(
    rows.map(({ name }) => `SELECT kek_id AS id FROM ${name}`).join(' UNION '),
  )
  return ids.rows.map(row => row.id).sort()
}
