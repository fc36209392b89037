import type { Metadata } from 'next'
import { You } from '../../features/you/you.tsx'

export const metadata: Metadata = { title: 'You' }

export default function Page() {
  return <You />
}
