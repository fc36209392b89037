import { ApiProblem, answerOf } from '@oo/sdk-js'
import { Button, Mark } from '@oo/ui'
import { operatorApi } from './operatorApi.ts'
import { TokenForm } from './tokenForm.tsx'

const reasons = new Map([
  ['expired', 'You were signed out. Sign in again to go on.'],
  ['signed-out', 'You are signed out.'],
])

/** What the api says went wrong while signing in; anything else is a sign-in that failed. */
const problems = new Map([
  ['expired', 'That took too long, or began in another window. Try again.'],
  ['declined', 'The sign-in was cancelled at the provider.'],
  ['provider_away', 'The provider does not answer right now. Try again in a moment.'],
  ['being_deleted', 'This account is being deleted.'],
])

/** The providers, and the token form where the token is switched on. */
export async function SignIn({ why, problem }: { why?: string | undefined; problem?: string | undefined }) {
  const found = await providers()
  const reason = problem
    ? (problems.get(problem) ?? 'The sign-in was not completed. Try again.')
    : why && reasons.get(why)
  return (
    // From the top, never centred: a page that arrives in pieces would move as it grows.
    <main className="mx-auto grid min-h-svh max-w-80 content-start gap-4 p-6 pt-[24svh]">
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
          {found.providers.length === 0 && !found.token && (
            <p className="text-dim">
              No way to sign in is set up here. Set ADMIN_TOKEN or a provider, and restart oO.
            </p>
          )}
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
