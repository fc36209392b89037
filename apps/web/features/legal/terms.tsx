import { LegalDocument } from './document.tsx'

export function Terms() {
  return (
    <LegalDocument title="Terms">
      <h2>What oO does</h2>
      <p>
        oO reads the apps you connect and shows you one suggestion at a time, or honestly nothing. When you
        say done, it completes the task in the app it came from. It does nothing else there.
      </p>
      <h2>What you may expect</h2>
      <p>
        A suggestion is a suggestion. oO can be wrong about what matters and when, so do not rely on it for
        anything that must not be missed. What you tell it can be undone for 24 hours.
      </p>
      <h2>What we ask of you</h2>
      <p>
        Connect only accounts that are yours. Do not use oO to harm other people or the service, and do not
        try to reach data that is not yours.
      </p>
      <h2>Your account</h2>
      <p>
        You sign in with an account you already have; there is no password at oO. You can pause, disconnect an
        app, download everything and delete your account at any time, on the page “You”. Whoever runs this oO
        may close an account that harms others, and says why.
      </p>
      <h2>Changes</h2>
      <p>
        When these terms change, the version above changes and you are asked again. If you do not agree, you
        can download your data and delete your account.
      </p>
    </LegalDocument>
  )
}
