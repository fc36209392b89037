import type { Metadata } from 'next'
import { SignIn } from '../../features/sign-in/signIn.tsx'

export const metadata: Metadata = { title: 'Sign in' }

export default async function Page({ searchParams }: { searchParams: Promise<{ why?: string | string[] }> }) {
  const { why } = await searchParams
  return <SignIn why={[why].flat()[0]} />
}
