'use client'
import { createClient } from '@oo/sdk-js'
import { Button } from '@oo/ui'
import { useState } from 'react'

const api = createClient({ baseUrl: '/api' })

export function SignOut() {
  const [failed, setFailed] = useState(false)
  const signOut = () =>
    api
      .POST('/auth/logout')
      .then(() => location.assign('/sign-in?why=signed-out'))
      .catch(() => setFailed(true))
  return <Button onClick={signOut}>{failed ? 'Sign out again' : 'Sign out'}</Button>
}
