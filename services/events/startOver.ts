/** Thrown by a forwarder whose target has nothing of what it took: its place goes back to the log's beginning. */
export class StartOver extends Error {
  override readonly name = 'StartOver'
}
