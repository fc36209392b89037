import { answerOf } from '@oo/sdk-js'
import { Button, Mark } from '@oo/ui'
import { nextPath, reasonSentence } from './nextPath.ts'
import { load } from './person.ts'

/** Black page, the mark, one sentence, one button per provider. */
export async function SignIn({ next, ...told }: { next?: string; why?: string; problem?: string }) {
  const loaded = await load('/sign-in', api => answerOf(api.GET('/auth/providers')))
  const path = nextPath(next)
  /** Whoever comes without a wish passes the connect page first, which lets those go on who have connected. */
  const after = new URLSearchParams({ next: path === '/' ? '/connect?welcome=1' : path })
  const reason = reasonSentence(told)
  const providers = loaded.ok ? loaded.value.providers : []
  return (
    <main className="sign-in">
      <div className="grid justify-items-center gap-7">
        <Mark size={44} />
        <h1 className="font-serif text-3xl leading-tight text-balance">One tip. Right now.</h1>
      </div>
      <div className="grid w-full max-w-80 content-start gap-3 pt-12">
        {reason && (
          <p role="status" className="pb-2 text-dim text-balance">
            {reason}
          </p>
        )}
        {providers.map(({ id, name }) => (
          <Button key={id} href={`/api/auth/login/${id}?${after}`}>
            Continue with {name}
          </Button>
        ))}
        {!loaded.ok && (
          <>
            <p className="text-dim text-balance">{loaded.sentence}</p>
            <Button href={`/sign-in?${new URLSearchParams({ next: path })}`}>Try again</Button>
          </>
        )}
        {loaded.ok && providers.length === 0 && (
          <p className="text-dim">
            No way to sign in is set up here. Whoever runs this oO can add a provider.
          </p>
        )}
        <p className="pt-5 text-sm text-dim text-balance">
          By continuing you agree to the{' '}
          <a className="link" href="/legal/terms">
            terms
          </a>{' '}
          and to how oO uses your data, as told in{' '}
          <a className="link" href="/legal/privacy">
            privacy
          </a>
          .
        </p>
      </div>
    </main>
  )
}
