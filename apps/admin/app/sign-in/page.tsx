import type { Metadata } from 'next'
import { SignIn } from '../../features/sign-in/signIn.tsx'

export const metadata: Metadata = { title: 'Sign in' }

type Query = Record<string, string | string[] | undefined>

export default async function Page({ searchParams }: { searchParams: Promise<Query> }) {
  const { why, problem } = await searchParams
  return <SignIn why={[why].flat()[0]} problem={[problem].flat()[0]} />
}
