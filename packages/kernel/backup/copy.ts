// COPY over pg's own connection, both ways, with backpressure: memory stays bounded however large a table is.
import { once } from 'node:events'
import type { Duplex } from 'node:stream'
import type { Client, Submittable } from 'pg'

const waitingBytes = 1_000_000

/** What pg's connection can do during a COPY; its types leave the last three out. */
interface CopyConnection {
  stream: Duplex
  query(sql: string): void
  sendCopyFromChunk(bytes: Buffer): void
  endCopyFrom(): void
  sendCopyFail(reason: string): void
}

/** The rows of `COPY … TO STDOUT`, each with its line end, in batches. */
export async function* copyOut(client: Client, sql: string): AsyncGenerator<Buffer[]> {
  const copy = client.query(new CopyOut(sql))
  try {
    for (let rows = await copy.next(); rows; rows = await copy.next()) yield rows
  } finally {
    copy.close()
  }
}

/** Feeds `COPY … FROM STDIN`; answers how many rows arrived. */
export function copyIn(client: Client, sql: string, source: AsyncIterable<Buffer>): Promise<number> {
  return client.query(new CopyIn(sql, source)).finished
}

class CopyOut implements Submittable {
  #rows: Buffer[] = []
  #bytes = 0
  #ended = false
  #error: Error | undefined
  #stream: Duplex | undefined
  #wake = () => {}
  readonly #sql: string

  constructor(sql: string) {
    this.#sql = sql
  }

  submit(connection: Pick<CopyConnection, 'stream' | 'query'>): void {
    this.#stream = connection.stream
    connection.query(this.#sql)
  }

  /** The parser reuses its buffer, so a row is copied out of it. */
  handleCopyData({ chunk }: { chunk: Buffer }): void {
    this.#rows.push(Buffer.from(chunk))
    this.#bytes += chunk.length
    if (this.#bytes > waitingBytes) this.#stream?.pause()
    this.#wake()
  }
  handleCommandComplete(): void {}
  handleReadyForQuery(): void {
    this.#ended = true
    this.#wake()
  }
  handleError(error: Error): void {
    this.#error = error
    this.#wake()
  }

  async next(): Promise<Buffer[] | null> {
    while (this.#rows.length === 0) {
      if (this.#error) throw this.#error
      if (this.#ended) return null
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
    const rows = this.#rows
    this.#rows = []
    this.#bytes = 0
    this.#stream?.resume()
    return rows
  }

  /** A reader that leaves early leaves the server in the middle of a table: that connection is over. */
  close(): void {
    if (!this.#ended && !this.#error) this.#stream?.destroy()
  }
}

class CopyIn implements Submittable {
  readonly #sql: string
  readonly #source: AsyncIterable<Buffer>
  readonly #done = Promise.withResolvers<number>()
  #rows = 0
  #cause: unknown

  constructor(sql: string, source: AsyncIterable<Buffer>) {
    this.#sql = sql
    this.#source = source
  }

  get finished(): Promise<number> {
    return this.#done.promise
  }

  submit(connection: Pick<CopyConnection, 'query'>): void {
    connection.query(this.#sql)
  }
  handleCopyInResponse(connection: CopyConnection): void {
    void this.#feed(connection)
  }
  handleCommandComplete({ text }: { text: string }): void {
    this.#rows = Number(text.split(' ')[1])
  }
  handleReadyForQuery(): void {
    this.#done.resolve(this.#rows)
  }
  handleError(error: Error): void {
    this.#done.reject(this.#cause ?? error)
  }

  async #feed(connection: CopyConnection): Promise<void> {
    try {
      for await (const bytes of this.#source) {
        connection.sendCopyFromChunk(bytes)
        if (connection.stream.writableNeedDrain) await once(connection.stream, 'drain')
      }
      connection.endCopyFrom()
    } catch (error) {
      this.#cause = error
      connection.sendCopyFail('the source failed')
    }
  }
}
