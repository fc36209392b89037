import italic from '@fontsource-variable/newsreader/files/newsreader-latin-wght-italic.woff2'
import type { Metadata } from 'next'
import { SignIn } from '../../features/sign-in/signIn.tsx'

export const metadata: Metadata = { title: 'Sign in' }

type Query = Record<string, string | string[] | undefined>

/** A name given twice counts once. */
const only = (value: string | string[] | undefined) => [value].flat()[0] ?? ''

export default async function Page({ searchParams }: { searchParams: Promise<Query> }) {
  const { next, why, problem } = await searchParams
  return (
    <>
      {/* The first tip may be an advice, which cannot wait for its letters. */}
      <link rel="prefetch" href={italic} as="font" type="font/woff2" crossOrigin="anonymous" />
      <SignIn next={only(next)} why={only(why)} problem={only(problem)} />
    </>
  )
}
