import { SignOut } from './signOut.tsx'

/** Someone is signed in who may not see the console: what to do, and the way out. */
export function NotAdmin() {
  return (
    <div className="grid max-w-lg justify-items-start gap-4">
      <h1 className="text-lg">You are signed in, but this console is for admins.</h1>
      <p>This account is no admin (403). Sign out, then come back as one.</p>
      <p className="text-dim">
        While oO has no admin at all, set ADMIN_SEED_EMAIL to this account’s e-mail address, restart oO and
        sign in again. Where ADMIN_TOKEN is set, the token signs in too.
      </p>
      <SignOut />
    </div>
  )
}
