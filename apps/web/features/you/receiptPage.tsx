import { ApiProblem, answerOf } from '@oo/sdk-js'
import { notFound } from 'next/navigation'
import { Away, Shell } from '../page/shell.tsx'
import { load } from '../sign-in/person.ts'
import { Receipt } from './receipt.tsx'

/** Open to whoever knows its id, because the person it belongs to is signed out for good. */
export async function ReceiptPage({ id }: { id: string }) {
  const path = `/receipt/${encodeURIComponent(id)}`
  const loaded = await load(path, api =>
    answerOf(api.GET('/receipts/{id}', { params: { path: { id } } })).catch((error: unknown) => {
      if (error instanceof ApiProblem && [400, 404].includes(error.status)) return null
      throw error
    }),
  )
  if (!loaded.ok) return <Away path={path} sentence={loaded.sentence} />
  if (!loaded.value) notFound()
  return (
    <Shell title="Your account">
      <Receipt first={loaded.value} />
    </Shell>
  )
}
