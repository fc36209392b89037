'use client'
import './globals.css'

/** The last resort when a page itself breaks: a sentence and a way on. */
export default function GlobalError() {
  return (
    <html lang="en">
      <body>
        <title>oO</title>
        <main className="shell">
          <h1 className="text-2xl">Something broke on this page.</h1>
          <p className="py-6 text-dim">Nothing you did is lost. Load it again in a moment.</p>
          <a className="button" href="/">
            Try again
          </a>
        </main>
      </body>
    </html>
  )
}
