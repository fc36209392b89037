import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { errorCode, Refusal } from './refusal.ts'

export type WantedPort = { setting: string; port: number }

const loopback = '127.0.0.1'

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return listenOnce(loopback, 0)
}

/** Refuses with the holder's name when one of the ports is taken. */
export async function refuseTakenPorts(host: string, wanted: WantedPort[]): Promise<void> {
  for (const { setting, port } of wanted) {
    const twin = wanted.find(other => other.port === port && other.setting !== setting)
    if (twin) throw new Refusal(`${setting} and ${twin.setting} are both ${port}: give them different ports.`)
    const taken = await portTaken(host, { setting, port })
    if (taken) throw new Refusal(taken)
  }
}

/** A sentence that names the holder; nothing when the port is free. */
export async function portTaken(host: string, { setting, port }: WantedPort): Promise<string | undefined> {
  try {
    await listenOnce(host, port)
    return undefined
  } catch (error) {
    return portSentence(setting, host, port, errorCode(error))
  }
}

function portSentence(setting: string, host: string, port: number, code: string): string {
  if (code === 'EACCES')
    return `This user may not listen on port ${port}: set ${setting} to a port above 1023.`
  if (code !== 'EADDRINUSE')
    return `oO cannot listen on ${host}:${port} (${code}): check OO_BIND and ${setting}.`
  const holder = portHolder(port)
  const by = holder ? ` by process ${holder.pid} (${holder.name})` : ''
  return `Port ${port} is taken${by}: stop that program, or set ${setting} to a free port.`
}

function listenOnce(host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(port, host, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : port))
    })
  })
}

/** Linux tells which process listens: the socket's inode appears among that process's files. */
function portHolder(port: number): { pid: number; name: string } | null {
  const inodes = new Set([
    ...listeningInodes('/proc/net/tcp', port),
    ...listeningInodes('/proc/net/tcp6', port),
  ])
  if (inodes.size === 0) return null
  for (const pid of readdirSync('/proc').filter(name => /^\d+$/.test(name))) {
    try {
      for (const file of readdirSync(`/proc/${pid}/fd`)) {
        const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${file}`))?.[1]
        if (inode && inodes.has(inode))
          return { pid: Number(pid), name: readFileSync(`/proc/${pid}/comm`, 'utf8').trim() }
      }
    } catch {
      // Processes end while we look, and those of other users stay closed to us.
    }
  }
  return null
}

function listeningInodes(table: string, port: number): string[] {
  const listening = '0A'
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0')
  try {
    const rows = readFileSync(table, 'utf8').split('\n').slice(1)
    return rows
      .map(row => row.trim().split(/\s+/))
      .filter(fields => fields[1]?.endsWith(`:${hexPort}`) && fields[3] === listening)
      .flatMap(fields => fields[9] ?? [])
  } catch {
    return []
  }
}
