import type { Metadata } from 'next'
import { Privacy } from '../../../features/legal/privacy.tsx'

export const metadata: Metadata = { title: 'Privacy' }

export default function Page() {
  return <Privacy />
}
