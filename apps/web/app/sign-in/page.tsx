import type { Metadata } from 'next'
import { SignIn } from '../../features/sign-in/signIn.tsx'

export const metadata: Metadata = { title: 'Sign in' }

type Query = { next?: string | string[]; why?: string | string[] }

export default async function Page({ searchParams }: { searchParams: Promise<Query> }) {
  const { next, why } = await searchParams
  return <SignIn next={[next].flat()[0]} why={[why].flat()[0]} />
}
