/** What a door needs to know; one app has one door in one process. */
export type DoorEnv = { port: number; bind: string; apiUrl: URL; tracesUrl: string | undefined }

/** Reads and checks the environment; a wrong value is a sentence that says what to write instead. */
export function readDoorEnv(source: NodeJS.ProcessEnv, portName: string, defaultPort: number): DoorEnv {
  return {
    port: portOf(source[portName], portName, defaultPort),
    bind: source.OO_BIND || '127.0.0.1',
    apiUrl: readApiUrl(source),
    tracesUrl: source.OTEL_EXPORTER_OTLP_ENDPOINT?.replace(/\/$/, '') || undefined,
  }
}

/** Where the api listens; pages that render on the server call it there directly. */
export function readApiUrl(source: NodeJS.ProcessEnv): URL {
  const text = source.OO_API_URL || 'http://127.0.0.1:8080'
  const url = URL.canParse(text) ? new URL(text) : null
  if (url?.protocol === 'http:' && url.pathname === '/') return url
  throw new Error(
    `OO_API_URL is "${text}"; write the api's address without a path, such as http://127.0.0.1:8080.`,
  )
}

function portOf(text: string | undefined, name: string, fallback: number): number {
  if (!text) return fallback
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port
  throw new Error(`${name} is "${text}"; write a port between 1 and 65535.`)
}
