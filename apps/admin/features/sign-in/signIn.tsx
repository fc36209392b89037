import { ApiProblem, answerOf } from '@oo/sdk-js'
import { Button, Mark } from '@oo/ui'
import { operatorApi } from './operatorApi.ts'
import { TokenForm } from './tokenForm.tsx'

const reasons: Record<string, string> = {
  expired: 'You were signed out. Sign in again to go on.',
  forbidden: 'You are signed in, but this console is for admins. Sign in as one, or with the admin token.',
  'signed-out': 'You are signed out.',
}

/** The providers, and the token form where the token is switched on. */
export async function SignIn({ why }: { why?: string | undefined }) {
  const found = await providers()
  const reason = why && (reasons[why] ?? 'The sign-in was not completed. Try again.')
  return (
    <main className="mx-auto grid min-h-svh max-w-80 content-center gap-4 p-6">
      <div className="flex items-center gap-4 pb-4">
        <Mark size={28} />
        <h1 className="text-lg">Console</h1>
      </div>
      {reason && (
        <p role="status" className="text-dim">
          {reason}
        </p>
      )}
      {'sentence' in found ? (
        <>
          <p>{found.sentence}</p>
          <Button href="/sign-in">Try again</Button>
        </>
      ) : (
        <>
          {found.providers.map(({ id, name }) => (
            <Button key={id} href={`/api/auth/login/${id}?next=/health`}>
              Continue with {name}
            </Button>
          ))}
          {found.token && <TokenForm />}
        </>
      )}
    </main>
  )
}

async function providers() {
  try {
    return await answerOf((await operatorApi()).GET('/auth/providers'))
  } catch (error) {
    if (error instanceof ApiProblem) return { sentence: error.message }
    throw error
  }
}
