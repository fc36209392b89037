import { Transform } from 'node:stream'
import type { FastifyRequest } from 'fastify'

type Payload = Transform & { receivedEncodedLength: number }

/** Lets a body pass to the parser and keeps its bytes; the parser's limit ends both. */
export async function keepBytes(
  request: FastifyRequest,
  _reply: unknown,
  payload: NodeJS.ReadableStream,
): Promise<Payload> {
  const chunks: Buffer[] = []
  const passing: Payload = Object.assign(
    new Transform({
      transform(chunk: Buffer, _encoding, done) {
        chunks.push(chunk)
        passing.receivedEncodedLength += chunk.length
        done(null, chunk)
      },
      flush(done) {
        request.bytes = Buffer.concat(chunks)
        done()
      },
    }),
    { receivedEncodedLength: 0 },
  )
  payload.on('error', error => passing.destroy(error))
  return payload.pipe(passing)
}
