import type { Clock } from './clock.ts'
import type { Random } from './random.ts'

/** A UUIDv7: sorts by the moment it was made, so that new rows land at the end of their index. */
export function newId({ clock, random }: { clock: Clock; random: Random }): string {
  const bytes = Buffer.concat([Buffer.alloc(6), random.bytes(10)])
  bytes.writeUIntBE(clock.now().getTime(), 0, 6)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
