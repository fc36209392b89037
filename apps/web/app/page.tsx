import italic from '@fontsource-variable/newsreader/files/newsreader-latin-wght-italic.woff2'
import { preload } from 'react-dom'
import { openTip } from '../features/tip/open.ts'
import { TipFace } from '../features/tip/tip.tsx'
import '../features/tip/sheet.css'
import '../features/tip/tip.css'

export default async function Page() {
  const { face, zone, contrast } = await openTip()
  const isAdvice = face.is === 'tip' && face.tip.kind === 'advice'
  if (isAdvice) preload(italic, { as: 'font', type: 'font/woff2', crossOrigin: 'anonymous' })
  return (
    <div data-contrast={contrast}>
      {!isAdvice && <link rel="prefetch" href={italic} as="font" type="font/woff2" crossOrigin="anonymous" />}
      <TipFace first={face} zone={zone} now={new Date().toISOString()} />
    </div>
  )
}
