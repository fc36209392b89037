import { fromBinary } from '@bufbuild/protobuf'
import { type Envelope, EnvelopeSchema } from '@oo/shared-types/events'
import type { Place } from './place.ts'

export interface LoggedRow {
  xid: string
  seq: number
  id: string
  subject: string
  personId: string | null
  at: Date
  envelope: Buffer
}

/** An event as it stands in the log. */
export interface Logged extends Place {
  id: string
  subject: string
  personId: string | null
  at: Date
  /** Its envelope, unpacked when it is first asked for. */
  read(): Envelope
}

export function toLogged({ envelope, ...row }: LoggedRow): Logged {
  let read: Envelope | undefined
  return {
    ...row,
    read() {
      read ??= fromBinary(EnvelopeSchema, envelope)
      return read
    },
  }
}
