import type { Metadata } from 'next'
import { Terms } from '../../../features/legal/terms.tsx'

export const metadata: Metadata = { title: 'Terms' }

export default function Page() {
  return <Terms />
}
