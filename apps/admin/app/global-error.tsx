'use client'
import './globals.css'

/** The last resort when a page itself breaks: a sentence and a way on. */
export default function GlobalError() {
  return (
    <html lang="en">
      <body>
        <title>oO console</title>
        <main className="grid min-h-svh place-content-center gap-4 p-6 text-center">
          <h1 className="text-lg">Something broke on this page.</h1>
          <p className="text-dim">Load it again in a moment.</p>
          <a className="button" href="/">
            Try again
          </a>
        </main>
      </body>
    </html>
  )
}
