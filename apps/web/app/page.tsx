import { openTip } from '../features/tip/open.ts'
import { TipFace } from '../features/tip/tip.tsx'
import '../features/tip/tip.css'

export default async function Page() {
  const { face, zone, contrast } = await openTip()
  return (
    <div data-contrast={contrast}>
      <TipFace first={face} zone={zone} now={new Date().toISOString()} />
    </div>
  )
}
