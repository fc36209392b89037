import type { Metadata } from 'next'
import { Connect } from '../../features/connect/connect.tsx'

export const metadata: Metadata = { title: 'Connect' }

type Query = Record<string, string | string[] | undefined>

export default async function Page({ searchParams }: { searchParams: Promise<Query> }) {
  const { welcome, problem, source } = await searchParams
  return <Connect welcome={welcome !== undefined} problem={[problem].flat()[0]} source={[source].flat()[0]} />
}
