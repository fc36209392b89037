import upright from '@fontsource-variable/newsreader/files/newsreader-latin-wght-normal.woff2'
import type { Metadata, Viewport } from 'next'
import type { ReactNode } from 'react'
import { preload } from 'react-dom'
import './globals.css'

/** Every page is rendered per request: its scripts carry that request's nonce. */
export const dynamic = 'force-dynamic'

export const metadata: Metadata = {
  title: { default: 'oO', template: '%s · oO' },
  description: 'One tip. Right now.',
  applicationName: 'oO',
  manifest: '/manifest.webmanifest',
  icons: { icon: [{ url: '/icon.svg', type: 'image/svg+xml' }], apple: '/apple-touch-icon.png' },
  appleWebApp: { capable: true, title: 'oO', statusBarStyle: 'black-translucent' },
  formatDetection: { telephone: false, date: false, address: false, email: false },
}

export const viewport: Viewport = {
  themeColor: '#000000',
  colorScheme: 'dark',
  width: 'device-width',
  initialScale: 1,
  viewportFit: 'cover',
}

export default function Layout({ children }: { children: ReactNode }) {
  preload(upright, { as: 'font', type: 'font/woff2', crossOrigin: 'anonymous' })
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  )
}
