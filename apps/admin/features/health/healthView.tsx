import { ApiProblem, answerOf } from '@oo/sdk-js'
import { Mark } from '@oo/ui'
import { redirect } from 'next/navigation'
import { operatorApi } from '../sign-in/operatorApi.ts'
import { HealthTable, type Seen } from './healthTable.tsx'
import { SignOut } from './signOut.tsx'

/** Is everything up? */
export async function HealthView() {
  const first = await look()
  return (
    <div className="mx-auto max-w-4xl p-6">
      <header className="flex items-center justify-between gap-4 pb-8">
        <Mark size={20} />
        <SignOut />
      </header>
      <main>
        <h1 className="text-lg">Health</h1>
        <HealthTable first={first} />
      </main>
    </div>
  )
}

async function look(): Promise<Seen> {
  try {
    return {
      at: new Date().toISOString(),
      health: await answerOf((await operatorApi()).GET('/admin/health')),
    }
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error
    if (error.status === 401) redirect('/sign-in')
    if (error.status === 403) redirect('/sign-in?why=forbidden')
    return { at: new Date().toISOString(), sentence: error.message }
  }
}
