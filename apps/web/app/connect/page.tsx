import type { Metadata } from 'next'
import { Connect } from '../../features/connect/connect.tsx'

export const metadata: Metadata = { title: 'Connect' }

type Query = { welcome?: string; error?: string; why?: string }

export default async function Page({ searchParams }: { searchParams: Promise<Query> }) {
  const { welcome, error, why } = await searchParams
  return <Connect welcome={welcome !== undefined} failed={error !== undefined || why !== undefined} />
}
