// Node in front of the VW daemon: features of each candidate as its text, one connection that stays open, as many
// questions on the way as there are requests; the action is drawn here from the probabilities it answers.
import { spawn } from 'node:child_process'
import { createServer, type IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '@oo/local'

const [, , port, python = ''] = process.argv
const dayMs = 86_400_000
const tries = 300
const answerTo: ((line: string) => void)[] = []

/** The daemon takes a moment to listen. */
async function connected(to: number): Promise<Socket> {
  for (let left = tries; left > 0; left--) {
    const socket = connect({ port: to, host: '127.0.0.1', noDelay: true })
    const open = await new Promise(resolve =>
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false)),
    )
    if (open) return socket
    await delay(100)
  }
  throw new Error('The VW daemon does not listen.')
}

const daemonPort = await freePort()
const daemon = spawn(python, [join(import.meta.dirname, 'vwDaemon.py'), String(daemonPort)], {
  stdio: 'inherit',
})
daemon.on('exit', () => process.exit(1))
const socket = await connected(daemonPort)
let unread = ''
socket.on('data', data => {
  const lines = (unread + data).split('\n')
  unread = lines.pop() ?? ''
  for (const line of lines) if (line !== '') answerTo.shift()?.(line)
})

interface Candidate {
  id: string
  kind: string
  attributes: {
    priority: number
    due: { date: string } | null
    createdAt: string
    effortMin: number | null
    timesShown: number
    recurring: boolean
  }
}

function featuresOf({ kind, attributes: a }: Candidate, now: number, weekend: number): string {
  const daysLeft = a.due ? Math.floor((Date.parse(a.due.date) - now) / dayMs) : 30
  const age = Math.min((now - Date.parse(a.createdAt)) / dayMs, 30) / 30
  const overdue = daysLeft < 0 ? 1 : 0
  return `|a ${kind} priority:${a.priority / 4} overdue:${overdue} today:${daysLeft === 0 ? 1 : 0} age:${age} effort:${(a.effortMin ?? 30) / 60} shown:${a.timesShown / 10} recurring:${a.recurring ? 1 : 0} weekend:${weekend * (a.priority / 4)}`
}

async function score(body: string) {
  const { decisionId, personId, now: said, candidates } = JSON.parse(body)
  const now = Date.parse(said)
  const weekend = [0, 6].includes(new Date(now).getUTCDay()) ? 1 : 0
  const rows = candidates.map((candidate: Candidate) => featuresOf(candidate, now, weekend))
  socket.write(`shared |u person${personId}\n${rows.join('\n')}\n\n`)
  const line = await new Promise<string>(resolve => answerTo.push(resolve))
  const probabilities: number[] = candidates.map(() => 0)
  for (const told of line.split(',')) {
    const [action = '', share = ''] = told.split(':')
    probabilities[Number(action)] = Number(share)
  }
  return { decisionId, chosen: candidates[drawn(probabilities)].id, probabilities }
}

function drawn(probabilities: number[]): number {
  let left = Math.random()
  for (const [at, share] of probabilities.entries()) {
    left -= share
    if (left <= 0) return at
  }
  return 0
}

async function read(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

const server = createServer(async (request, response) => {
  response.setHeader('content-type', 'application/json')
  const body = await read(request)
  response.end(JSON.stringify(body === '' ? { status: 'ok' } : await score(body)))
})
server.listen(Number(port), '127.0.0.1')
