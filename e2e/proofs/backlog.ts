// R13: NATS is away while events are written, then it is back. Every event must be on the stream exactly once and in
// the order of the log, whoever mirrors it must not grow, and the backlog must drain fast enough.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type Nats, startNats } from '@oo/local'
import { type Instance, startInstance } from '../instance.ts'
import { againstLog, countOnStream, idsInLog, idsOnStream, openLog, writeEvents } from './mirrored.ts'
import type { Proof, ProofHouse, ProofRow } from './proof.ts'

const counts = { short: 4_000, full: 1_000_000 }
const controlEvents = 500
const leastPerSecond = 2_000
/** Growth of the process that mirrors, over its size before: one that kept the backlog would grow by all of it. */
const growthMostMb = 150
const lookEveryMs = 50
const drainWithinMs = { short: 45_000, full: 3_600_000 }

interface Mirror {
  house: ProofHouse
  instance: Instance
  log: Awaited<ReturnType<typeof openLog>>
  url: string
  start(): Promise<void>
  kill(): Promise<void>
}

async function backlog(house: ProofHouse): Promise<ProofRow[]> {
  const of = house.full ? counts.full : counts.short
  const mirror = await openMirror(house)
  const { instance, log, url } = mirror
  await writeEvents(log, 1)
  await drained(mirror)

  await mirror.kill()
  const before = residentMb(instance.api.pid())
  const writing = performance.now()
  await writeEvents(log, of, done =>
    house.say(`${done.toLocaleString('en')} of ${of.toLocaleString('en')} written`),
  )
  const wroteMs = performance.now() - writing
  const whileAway = residentMb(instance.api.pid())
  await mirror.start()
  const back = performance.now()
  const { peakMb, firstMs, lastMs } = await drained(mirror)
  const rate = Math.round((of / (lastMs - firstMs)) * 1_000)
  const { lost, doubled, reordered } = againstLog(await idsInLog(log), await idsOnStream(url))

  const control = (await dropsAndIsSeen(mirror)) ? 'caught' : 'missed'
  const grewMb = Math.max(whileAway, peakMb) - before
  const seconds = (ms: number) => (ms / 1_000).toFixed(1)
  const missed = [
    // A short backlog is over before the rate says anything.
    ...(house.full && rate < leastPerSecond ? ['the rate is MISSED'] : []),
    ...(grewMb > growthMostMb ? ['flat memory is MISSED'] : []),
    ...(reordered > 0 ? [`${reordered} out of order: MISSED`] : []),
  ]
  return [
    {
      id: 'R13',
      what: 'a backlog while NATS is away',
      done: missed.length === 0 ? of : 0,
      of,
      unit: 'events',
      lost,
      doubled,
      control,
      notes: [
        `drained at ${rate.toLocaleString('en')}/s (goal ≥ ${leastPerSecond.toLocaleString('en')}/s), the first ${seconds(firstMs - back)} s and the last ${seconds(lastMs - back)} s after NATS was back; written in ${seconds(wroteMs)} s`,
        `the api's memory: ${before} MB before, ${whileAway} MB with the backlog, at most ${peakMb} MB while draining (goal: no more than ${growthMostMb} MB of growth); ${reordered} out of order`,
        ...missed,
      ],
    },
  ]
}

async function openMirror(house: ProofHouse): Promise<Mirror> {
  const dataDir = join(house.folder, 'nats')
  let nats: Nats = await startNats({ dataDir })
  house.keep(() => nats.stop())
  const { url } = nats
  const instance = await startInstance({
    web: false,
    ownDatabase: true,
    apiSettings: async () => ({ NATS_URL: url }),
  })
  house.keep(() => instance.stop())
  const log = await openLog(instance.postgres.url('oo_owner'))
  house.keep(() => log.end())
  return {
    house,
    instance,
    log,
    url,
    kill: () => nats.kill(),
    async start() {
      nats = await startNats({ dataDir })
    },
  }
}

/** Waits until the stream holds as many as the log; watches the memory of the process that mirrors meanwhile. */
async function drained({ house, instance, log, url }: Mirror) {
  const wanted = (await idsInLog(log)).length
  const deadline = performance.now() + (house.full ? drainWithinMs.full : drainWithinMs.short)
  const began = await countOnStream(url)
  let [peakMb, firstMs, told] = [0, 0, performance.now()]
  for (;;) {
    house.signal.throwIfAborted()
    const count = await countOnStream(url)
    peakMb = Math.max(peakMb, residentMb(instance.api.pid()))
    if (firstMs === 0 && count > began) firstMs = performance.now()
    if (count >= wanted) return { peakMb, firstMs, lastMs: performance.now() }
    if (performance.now() > deadline)
      throw new Error(`${count} of ${wanted} are on the stream, and no more come`)
    if (performance.now() - told > 10_000) {
      told = performance.now()
      house.say(`${count.toLocaleString('en')} of ${wanted.toLocaleString('en')} are on the stream`)
    }
    await delay(lookEveryMs)
  }
}

/** The control: a bridge that counts as mirrored what NATS did not take loses it, and the comparison must see that. */
async function dropsAndIsSeen(mirror: Mirror): Promise<boolean> {
  const { log, url } = mirror
  await mirror.kill()
  await writeEvents(log, controlEvents)
  await log.query(`UPDATE events.places p SET xid = l.xid, seq = l.seq
    FROM (SELECT xid, seq FROM events.log ORDER BY xid DESC, seq DESC LIMIT 1) l
    WHERE p.subscriber = 'jetstream.signals'`)
  await mirror.start()
  const before = await countOnStream(url)
  await writeEvents(log, 1)
  const deadline = performance.now() + drainWithinMs.short
  while ((await countOnStream(url)) === before && performance.now() < deadline) await delay(lookEveryMs)
  const { lost } = againstLog(await idsInLog(log), await idsOnStream(url))
  mirror.house.say(`control: ${lost} of ${controlEvents} lost where the bridge drops what NATS did not take`)
  return lost > 0
}

function residentMb(pid: number): number {
  const kb = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0
  return Math.round(Number(kb) / 1_024)
}

export const proof: Proof = {
  id: 'R13',
  what: 'a backlog is bounded by disk, not by luck',
  run: backlog,
}
