import type { Metadata } from 'next'
import { HealthView } from '../../features/health/healthView.tsx'

export const metadata: Metadata = { title: 'Health' }

export default function Page() {
  return <HealthView />
}
