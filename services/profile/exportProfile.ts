import { type Exporter, isDatabaseAway, isDatabaseError } from '@oo/kernel'
import { strToU8, zip } from 'fflate'
import type { ProfileCtx } from './context.ts'
import { exportReadme, type Part } from './exportReadme.ts'
import { cardOf } from './store.ts'

/** Everything every module holds about a person. A part that fails is named in the README; the rest still comes. */
export async function exportProfile(ctx: ProfileCtx, personId: string): Promise<Buffer> {
  const now = ctx.clock.now()
  const card = await cardOf(ctx.db, personId)
  const parts: Part[] = []
  for (const { module, exporter } of ctx.exporters())
    parts.push(await collect(ctx, module, exporter, personId))

  const files: Record<string, Uint8Array> = {
    'README.md': strToU8(exportReadme({ now, timeZone: card?.timeZone ?? 'UTC', parts })),
  }
  for (const { module, files: own } of parts) {
    for (const { name, schema, rows } of own) {
      files[`${module}/${name}.jsonl`] = strToU8(rows.map(row => `${JSON.stringify(row)}\n`).join(''))
      files[`${module}/${name}.schema.json`] = strToU8(`${JSON.stringify(schema, null, 2)}\n`)
    }
  }
  return zipped(files, now)
}

async function collect(ctx: ProfileCtx, module: string, exporter: Exporter, personId: string): Promise<Part> {
  try {
    const files = await before(ctx.exporterTimeoutMs, exporter.collect(personId))
    return { module, files, missing: false }
  } catch (error) {
    // A database that fails would leave holes everywhere: better to say so and let the person try again.
    if (isDatabaseAway(error) || isDatabaseError(error)) throw error
    // The kind of error only: its message may quote what it failed on.
    const kind = error instanceof Error ? error.name : typeof error
    ctx.log.error({ kind, module }, 'a part of an export failed; the export says so')
    return { module, files: [], missing: true }
  }
}

function before<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs)
  return Promise.race([work, late.promise]).finally(() => clearTimeout(timer))
}

/** Large files are deflated by a worker, so that an export does not hold up a tip. */
function zipped(files: Record<string, Uint8Array>, mtime: Date): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  zip(files, { level: 6, mtime }, (error, bytes) => {
    if (error) reject(error)
    else resolve(Buffer.from(bytes))
  })
  return promise
}
