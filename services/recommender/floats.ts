/** Numbers of the decision log as float32 bytes: a quarter of what JSON takes. */
export const packFloats = (values: readonly number[]): Buffer => Buffer.from(new Float32Array(values).buffer)

export function unpackFloats(bytes: Buffer): number[] {
  return [...new Float32Array(Uint8Array.from(bytes).buffer)]
}
