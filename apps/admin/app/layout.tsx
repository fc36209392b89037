import type { Metadata, Viewport } from 'next'
import type { ReactNode } from 'react'
import './globals.css'

/** Every page is rendered per request: its scripts carry that request's nonce. */
export const dynamic = 'force-dynamic'

export const metadata: Metadata = {
  title: { default: 'oO console', template: '%s · oO console' },
  robots: { index: false, follow: false },
  icons: { icon: [{ url: '/icon.svg', type: 'image/svg+xml' }] },
}

export const viewport: Viewport = {
  colorScheme: 'dark light',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#fafaf8' },
    { media: '(prefers-color-scheme: dark)', color: '#000000' },
  ],
}

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  )
}
