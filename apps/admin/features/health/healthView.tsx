import { Mark } from '@oo/ui'
import { redirect } from 'next/navigation'
import { operatorApi } from '../sign-in/operatorApi.ts'
import { Instrument } from './instrument.tsx'
import { lookAt } from './reading.ts'
import { SignOut } from './signOut.tsx'

/** Is everything up? */
export async function HealthView() {
  const first = await lookAt(await operatorApi())
  const refused = 'refused' in first && first.refused
  if (refused === 401) redirect('/sign-in')
  return (
    <div className="mx-auto max-w-5xl px-6 pt-4 pb-12">
      <header className="flex min-h-11 items-center justify-between gap-4 pb-8">
        <Mark size={20} />
        {!refused && <SignOut />}
      </header>
      <main>
        <Instrument first={first} />
      </main>
    </div>
  )
}
