// The waterfall of a reaction as a drawing that reads in a light and in a dark page, without a script.
import type { CollectedSpan } from './collector.ts'
import { hops, spanOf } from './hops.ts'

const width = 1_000
const words = 330
const right = 90
const top = 76
const rowHeight = 38
const barHeight = 16
const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000]

const style = `
  text { font: 13px system-ui, sans-serif; fill: #24292f }
  .page { fill: #ffffff }
  .title { font-size: 16px; font-weight: 600 }
  .quiet, .tick { fill: #656d76 } .quiet { font-size: 12px } .tick { font-size: 11px }
  .grid { stroke: #d0d7de; stroke-width: 1 } .cause { stroke: #8c959f; stroke-width: 1.2; fill: none }
  .answered { stroke: #8c959f; stroke-dasharray: 4 3 }
  .browser { fill: #8250df } .web { fill: #bf6a02 } .api { fill: #0969da } .ml { fill: #1a7f37 }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1117 }
    text { fill: #e6edf3 } .quiet, .tick { fill: #9198a1 } .grid { stroke: #30363d } .cause, .answered { stroke: #7d8590 }
    .browser { fill: #ab7df8 } .web { fill: #e09b3d } .api { fill: #4493f8 } .ml { fill: #3fb950 }
  }`

export function drawTrace(spans: readonly CollectedSpan[], { about }: { about: string }): string {
  const rows = hops.flatMap(hop => {
    const span = spanOf(spans, hop)
    return span ? [{ hop, span }] : []
  })
  const beganMs = Math.min(...rows.map(({ span }) => span.startMs))
  const lastsMs = Math.max(...rows.map(({ span }) => span.endMs)) - beganMs
  const scale = (width - words - right) / lastsMs
  const x = (ms: number) => round(words + (ms - beganMs) * scale)
  const middle = (row: number) => top + row * rowHeight + rowHeight / 2
  const bottom = top + rows.length * rowHeight
  const step = steps.find(each => lastsMs / each <= 8) ?? 5_000
  const ticks = Array.from({ length: Math.floor(lastsMs / step) + 1 }, (_, at) => at * step)
  const answered = rows[0]?.span.endMs ?? beganMs

  const isLate = x(answered) > width * 0.7

  const grid = ticks.map(
    ms =>
      `<line class="grid" x1="${x(beganMs + ms)}" x2="${x(beganMs + ms)}" y1="${top - 6}" y2="${bottom}"/>` +
      `<text class="tick" x="${x(beganMs + ms)}" y="${top - 12}" text-anchor="middle">${ms} ms</text>`,
  )
  const bars = rows.map(({ hop, span }, row) => {
    const y = middle(row)
    const long = Math.max(2, round((span.endMs - span.startMs) * scale))
    const cause = rows.findIndex(({ hop: { name } }) => name === hop.causedBy)
    const from = x(span.startMs)
    const elbow =
      cause < 0
        ? ''
        : `<path class="cause" d="M${from - 5} ${middle(cause) + barHeight / 2 + 1} V${y} H${from - 1}"/>`
    return (
      `<text x="16" y="${y + 1}">${hop.says}</text><text class="quiet" x="16" y="${y + 15}">${hop.process}</text>` +
      `${elbow}<rect class="${hop.process}" x="${from}" y="${y - barHeight / 2}" width="${long}" height="${barHeight}" rx="3"/>` +
      `<text class="quiet" x="${round(from + long + 6)}" y="${y + 4}">${(span.endMs - span.startMs).toFixed(1)} ms</text>`
    )
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${bottom + 44}" role="img" aria-labelledby="t d">
<title id="t">One reaction, from the click to the new posterior</title>
<desc id="d">${rows.map(({ hop, span }) => `${hop.process}: ${hop.says}, ${(span.endMs - span.startMs).toFixed(1)} ms`).join('; ')}.</desc>
<style>${style}</style>
<rect class="page" width="${width}" height="${bottom + 44}" rx="6"/>
<text class="title" x="16" y="28">One reaction, from the click to the new posterior: ${lastsMs.toFixed(0)} ms, one trace</text>
${grid.join('\n')}
<line class="answered" x1="${x(answered)}" x2="${x(answered)}" y1="${top - 6}" y2="${bottom + 8}"/>
<text class="quiet" x="${x(answered) + (isLate ? -6 : 6)}" y="${bottom + 12}" text-anchor="${isLate ? 'end' : 'start'}">answered; nobody waits for what follows</text>
${bars.join('\n')}
<text class="quiet" x="16" y="${bottom + 34}">${about}</text>
</svg>
`
}

const round = (value: number): number => Math.round(value * 10) / 10
