import type { Metadata } from 'next'
import { ReceiptPage } from '../../../features/you/receiptPage.tsx'

export const metadata: Metadata = { title: 'Receipt', robots: { index: false } }

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params
  return <ReceiptPage id={id} />
}
