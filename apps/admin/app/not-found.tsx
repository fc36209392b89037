import { Button } from '@oo/ui'

export default function NotFound() {
  return (
    <main className="grid min-h-svh place-content-center gap-4 p-6 text-center">
      <h1 className="text-lg">This address leads nowhere.</h1>
      <Button href="/health">Health</Button>
    </main>
  )
}
